"""Learns which words mark uncertainty, and in what company, from sentences that are only labelled as a whole.

A sentence is uncertain where any of its tokens is a cue: P(sentence) = 1 - prod(1 - P(token)), the noisy-or of
multiple-instance learning (Maron & Lozano-Perez 1998). Token weights are fitted to sentence labels through it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.hedges import COULD, EFFECT, NEVER, NOBODY, OTHER, TABLE_SIZE, Hedger, token_features
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader, Text
from training.character_grams import eight_bits
from training.corpora import Corpora
from training.lexicon import load_reader
from training.store import write_part

CUES = Path(__file__).parent / "data" / "hedges.json"
L2 = 2.0
THRESHOLD = 0.2
"""Log-odds from which a token is a cue; chosen in the cross-validation of `evaluate`."""

SENTENCE_THRESHOLD = -0.35
"""Log-odds from which a sentence without a cue is hedged as a whole; the blocks' own choices are -.5 to -.3."""

START_BIAS = -4.0
BLOCKS = 10


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `hedges`."""
    reader = load_reader(folder)
    texts, label = read(corpora, reader)
    part = fit_part(reader, texts, label, np.arange(len(label)))
    write_part(folder, "hedges", part.arrays, part.meta)


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Sentence precision, recall and F1, cross-validated in contiguous blocks: is any hedge found in the sentence."""
    reader = load_reader(folder)
    texts, label = read(corpora, reader)
    block = blocks(label)
    found = np.zeros(len(label), dtype=bool)
    for k in range(BLOCKS):
        hedger = Hedger(fit_part(reader, texts, label, np.flatnonzero(block != k)))
        for i in np.flatnonzero(block == k):
            found[i] = bool(hedger.find(texts[i], hedger.letters(texts[i])))
    hits = float((found & (label == 1)).sum())
    precision, recall = hits / max(1, int(found.sum())), hits / max(1, int((label == 1).sum()))
    return {
        "hedge_f1": 2 * precision * recall / max(1e-9, precision + recall),
        "hedge_precision": precision,
        "hedge_recall": recall,
        "hedge_n": float(len(label)),
    }


def fit_part(reader: Reader, texts: list[Text], label: NDArray[np.int64], kept: NDArray[np.int64]) -> Part:
    """The part learned from the texts `kept`."""
    table = letters(reader.lexicon)
    matrix, owner = instances([texts[i] for i in kept], table)
    weights, bias = fit(matrix, owner, label[kept])
    whole, unit = eight_bits(weights)
    return Part(
        "hedges",
        {"weights": whole, "letters": table, "effects": effects(reader.lexicon)},
        {"bias": round(bias, 6), "unit": unit, "threshold": THRESHOLD, "sentence_threshold": SENTENCE_THRESHOLD},
    )


def letters(lexicon: Lexicon) -> NDArray[np.uint8]:
    """Word id -> letter of its class in hedging grammar (uint8)."""
    table = np.full(len(lexicon), OTHER, dtype=np.uint8)
    for group in json.loads(CUES.read_text(encoding="utf-8"))["classes"].values():
        for word in group["words"].split():
            number = lexicon.id_of.get(word)
            if number is not None and table[number] == OTHER:  # the first class that names a word has it
                table[number] = ord(group["code"])
    for word, number in lexicon.id_of.items():
        if table[number] == OTHER and len(word) > 4 and word.endswith("ed"):
            table[number] = ord("v")
    return table


def effects(lexicon: Lexicon) -> NDArray[np.uint8]:
    """Word id -> `scorer.hedges.COULD` for "could", EFFECT for verbs of what may come of something, NOBODY for who
    can or cannot, NEVER for what is no cue by itself, else 0 (uint8).
    """
    table, listed = np.zeros(len(lexicon), dtype=np.uint8), json.loads(CUES.read_text(encoding="utf-8"))
    for name, number in (("effects", EFFECT), ("nobodies", NOBODY), ("never", NEVER)):
        for word in listed[name].split():
            table[lexicon.id_of.get(word, 0)] = number
    table[lexicon.id_of.get("could", 0)] = COULD
    table[0] = 0
    return table


def instances(texts: list[Text], table: NDArray[np.uint8]) -> tuple[Any, NDArray[np.int64]]:
    """Sparse matrix of all tokens (one row each) and the text each token belongs to."""
    from scipy.sparse import csr_matrix

    parts = [token_features(text, table) for text in texts]
    columns = np.concatenate(parts)
    n, k = columns.shape
    matrix = csr_matrix(
        (np.ones(n * k, dtype=np.float32), columns.ravel(), np.arange(0, n * k + 1, k)), (n, TABLE_SIZE)
    )
    return matrix, np.repeat(np.arange(len(texts)), [len(part) for part in parts])


def fit(matrix: Any, owner: NDArray[np.int64], label: NDArray[np.int64]) -> tuple[NDArray[np.float32], float]:
    """Weights (TABLE_SIZE,) and bias of a token's log-odds of being a cue, by L-BFGS on the noisy-or."""
    from scipy.optimize import minimize

    size = len(label)

    def objective(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = values[:-1], values[-1]
        score = matrix @ weights + bias
        sure_not = -np.logaddexp(0, score)  # log(1 - p) of each token
        none = np.bincount(owner, weights=sure_not, minlength=size)
        some = np.log(-np.expm1(np.minimum(none, -1e-9)))
        loss = -np.sum(np.where(label == 1, some, none))
        slope = np.where(label == 1, np.exp(none - some), -1.0)  # d log-likelihood / d(-none)
        gradient = -slope[owner] / (1 + np.exp(-score))
        return (
            float(loss + 0.5 * L2 * weights @ weights),
            np.append(matrix.T @ gradient + L2 * weights, gradient.sum()),
        )

    start = np.zeros(TABLE_SIZE + 1)
    start[-1] = START_BIAS
    best = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return best[:-1].astype(np.float32), float(best[-1])


def read(corpora: Corpora, reader: Reader) -> tuple[list[Text], NDArray[np.int64]]:
    """The labelled sentences."""
    rows = corpora.rows("hedges")
    return [reader.read(normalise(row["text"])) for row in rows], np.array([row["label"] for row in rows])


def blocks(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Contiguous blocks: neighbouring sentences come from one article.

    The file is two runs, sentences as they follow each other and then hedged ones only, drawn to make up half of all.
    Each run is cut into blocks of its own, so that every block has about as many of both kinds: with blocks across the
    whole file the share of hedged sentences learned from would always differ from the share that is measured.
    """
    tail = int(np.flatnonzero(label == 0)[-1]) + 1 if (label == 0).any() else 0
    runs = (tail, len(label) - tail)
    return np.concatenate([np.arange(size) * BLOCKS // max(1, size) for size in runs])
