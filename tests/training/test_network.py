"""The tagger's network as it is learned: from labels, and from what a large network says of text without any."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from scorer.network import Network
from scorer.normal import normalise
from scorer.store import Part
from scorer.tagger import FLAGS, LABELS, Inputs, inputs
from scorer.text import Reader
from training.distillation import DILATIONS, HIDDEN, distil
from training.network import Example, fit

TEXT = "Ellen Brandt said the bridge was old. “It will not last,” she told reporters on Monday. Nobody disagreed. " * 6


@pytest.fixture(scope="module")
def vectors(reader: Reader) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 0.5, (len(reader.lexicon), 8)).astype(np.float32)


@pytest.fixture(scope="module")
def read(reader: Reader) -> tuple[list[str], Inputs]:
    text = reader.read(normalise(TEXT))
    return text.tokens, inputs(text, np.zeros(len(reader.lexicon), dtype=bool))


def shipped_scores(weights: dict[str, NDArray[np.float32]], given: Inputs) -> NDArray[np.float32]:
    """By the network in whole numbers that scoring runs."""
    return Network(Part("attribution", weights, {"scales": {}, "dilations": list(DILATIONS)})).scores(given)


def test_a_network_learns_labels(read: tuple[list[str], Inputs], vectors: NDArray[np.float32]) -> None:
    tokens, given = read
    cues = np.array([token in ("said", "told") for token in tokens])
    labels = np.where(cues, LABELS.index("B-cue"), 0)
    content = np.array([token in ("the", "bridge", "was", "old") for token in tokens], dtype=np.int64)
    weights = fit([Example(given, labels, content)] * 8, vectors, 32, DILATIONS, epochs=30, rate=1e-2)
    found = shipped_scores(weights, given)
    assert (found[:, : len(LABELS)].argmax(axis=1) == labels).all()
    assert ((found[:, 6] > found[:, 5]) == content).all()


def test_the_small_network_learns_what_the_large_one_says(
    read: tuple[list[str], Inputs], vectors: NDArray[np.float32]
) -> None:
    """Of text without labels: here another thing than the labels of the few documents that have some."""
    tokens, given = read
    nothing = np.zeros(len(tokens), dtype=np.int64)
    said = np.zeros((len(tokens), len(LABELS) + 2), dtype=np.float32)
    said[:, 0], said[:, 5] = 4, 4
    said[[token == "reporters" for token in tokens], LABELS.index("B-source")] = 8
    weights = distil([Example(given, nothing, nothing)], [given] * 40, [said] * 40, vectors)
    assert weights["w0"].shape == (5 * (8 + 8 + FLAGS), HIDDEN)
    found = shipped_scores(weights, given)[:, : len(LABELS)].argmax(axis=1)
    assert (found == np.array([LABELS.index("B-source") if token == "reporters" else 0 for token in tokens])).all()
