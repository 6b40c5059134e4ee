"""The tagger's network as it is learned: what its steps learn from, and that both ways of running it agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from scorer import store
from scorer.lexicon import Lexicon
from scorer.network import Network
from scorer.normal import normalise
from scorer.sentences import Punkt
from scorer.store import Part
from scorer.tagger import FLAGS, Inputs, inputs
from scorer.text import Reader
from training import distillation
from training.network import Example, fit, scores, start

TEXT = "Ellen Brandt said the bridge was old. “It will not last,” she told reporters on Monday. Nobody disagreed. " * 6
DILATIONS = (2, 6)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    words = len(store.load(store.find()).part("lexicon").meta["words"])
    return np.random.default_rng(1).normal(0, 0.5, (words, 8)).astype(np.float32)


@pytest.fixture(scope="module")
def given() -> Inputs:
    model = store.load(store.find())
    lexicon = Lexicon(model.part("lexicon").meta["words"])
    text = Reader(lexicon, Punkt(model.part("punkt").meta)).read(normalise(TEXT))
    return inputs(text, np.zeros(len(lexicon), dtype=bool))


def test_scores_in_floats_are_those_of_the_shipped_network(given: Inputs, vectors: NDArray[np.float32]) -> None:
    weights = start(vectors, FLAGS, 16, DILATIONS, seed=2)
    random = np.random.default_rng(3)
    for name in ("direct", "pairs"):
        weights[name] += random.normal(0, 0.1, weights[name].shape).astype(np.float32)
    shipped = Network(Part("attribution", weights, {"scales": {}, "dilations": list(DILATIONS)})).scores(given)
    assert scores(weights, DILATIONS, given) == pytest.approx(shipped, abs=0.1)
    assert np.std(shipped) > 0.5


def unforeseeable(given: Inputs) -> Example:
    """Labels that nothing in the text tells."""
    content = np.random.default_rng(4).integers(0, 2, len(given.words))
    return Example(given, np.zeros(len(given.words), dtype=np.int64), content)


def test_a_network_learns_from_further_columns(given: Inputs, vectors: NDArray[np.float32]) -> None:
    example = unforeseeable(given)
    told = np.column_stack([given.flags, example.content]).astype(np.float16)
    wide = example._replace(inputs=replace(given, flags=told))
    weights = fit([wide] * 8, vectors, 32, DILATIONS, epochs=30, rate=1e-2, dropout=0.0, direct_dropout=0.9)
    found = scores(weights, DILATIONS, wide.inputs)
    assert ((found[:, 6] > found[:, 5]) == example.content).mean() > 0.95


def test_the_small_network_does_without_what_its_teachers_read(
    given: Inputs, vectors: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TEACHERS", 2), ("TEACHER_EPOCHS", 1), ("EPOCHS", 1)):
        monkeypatch.setattr(distillation, name, value)
    states = np.zeros((2 * len(given.words), 5), dtype=np.float16)
    weights = distillation.distil([unforeseeable(given)], [given], states, vectors)
    assert weights["w0"].shape == (5 * (8 + 8 + FLAGS), distillation.HIDDEN)
