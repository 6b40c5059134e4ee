"""The network on texts that nobody wrote: any length, any words, more looks than are kept; widths of other networks."""

from __future__ import annotations

import numpy as np
import pytest

from scorer import Scorer, kernel
from scorer.network import Network
from scorer.store import Part
from scorer.tagger import FLAGS, Inputs
from scorer.word_table import unpacked
from training.network import start

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

SHAPES = 14


def made_up(length: int, words: int, seed: int) -> Inputs:
    """A text of words, shapes and flags drawn by chance, and sentences of any length."""
    random = np.random.default_rng(seed)
    borders = np.unique(np.r_[0, random.integers(0, length, length // 9 + 1), length]).astype(np.int32)
    drawn = [random.integers(0, most, length).astype(np.int32) for most in (words, SHAPES, 1 << FLAGS)]
    nowhere = np.zeros(length, dtype=np.int32)
    return Inputs(*drawn, borders, [], nowhere, nowhere)


def assert_same(network: Network, pure: Network, given: Inputs) -> None:
    assert np.array_equal(network.scores(given).view(np.int32), pure.scores(given).view(np.int32))


def both(part: Part, monkeypatch: pytest.MonkeyPatch) -> tuple[Network, Network]:
    """The network as the kernel has it and as numpy has it."""
    network = Network(part)
    with monkeypatch.context() as patch:
        patch.setattr(kernel, "native", None)
        return network, Network(part)


def test_texts_of_any_length(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    network, pure = both(unpacked(scorer.model.part("attribution")), monkeypatch)
    for length in (1, 2, 3, 4, 5, 6, 13, 126, 127, 128, 129, 130, 132, 133, 257, 6_000, 1, 300):
        assert_same(network, pure, made_up(length, len(network.weights.words), length))


@pytest.mark.parametrize("hidden", [1, 10, 16, 48, 64, 72, 130])
@pytest.mark.parametrize("dilations", [(1,), (3, 1), (2, 6, 9)])
def test_networks_of_other_widths(hidden: int, dilations: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(hidden)
    weights = start(random.normal(size=(40, 6)).astype(np.float32), FLAGS, hidden, dilations, 1)
    for name in ("direct", "pairs"):
        weights[name] = random.normal(size=weights[name].shape).astype(np.float32)
    network, pure = both(Part("x", weights, {"scales": {}, "dilations": list(dilations)}), monkeypatch)
    for length in (1, 7, 150):
        assert_same(network, pure, made_up(length, 40, length))


@pytest.mark.parametrize("dilation", [-5, 0, 1 << 30])
def test_a_network_that_reads_beyond_its_margins_is_refused(dilation: int) -> None:
    """Rows that far away were neither asked for nor set to zero."""
    words = np.ones((40, 6), np.float32)
    weights = start(words, FLAGS, 16, (1,), 1)
    with pytest.raises(ValueError, match="tokens away"):
        Network(Part("x", weights, {"scales": {}, "dilations": [dilation]}))
