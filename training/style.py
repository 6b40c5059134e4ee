"""Learns what the style signal looks up: the tables of the tagger of loaded wording, and which words form a class.

The tagger learns from SemEval-2020 task 11 (loaded language, name calling, exaggeration), which is small: so the first
stage is learned over what is known of every word (its company in the articles, its valence and subjectivity, whether
opinion or hyperpartisan pieces use it more) and then folded into one weight a word, to which comes one of the word's
own where the marked texts hold it often. Nothing in it knows the sources' tiers, so that the verdict may weigh it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.loaded import SHAPES, Loaded, sentence_of_tokens, surroundings
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader, Text
from training.corpora import Corpora
from training.lexicon import load_reader
from training.store import write_part
from training.style_words import word_classes, word_knowledge

TECHNIQUES = frozenset({"Loaded_Language", "Name_Calling,Labeling", "Exaggeration,Minimisation"})
FIRST_C, SECOND_C = 0.003, 1.0
NEIGHBOUR_SCALE, SENTENCE_SCALE, TEXT_SCALE = 0.6, 1.0, 2.0
"""How strongly each place may count: the regulariser sees values times these."""

OWN_PRIORS = (30.0, 10.0, 30.0)
"""Information (sum of p (1 - p) over a word's occurrences) at which its own weight is half of what its texts say: as
the token before, the token, the token after."""

KEPT_NEGATIVES = 0.4
"""Share of unmarked tokens the first stage learns from; they count for all."""


THRESHOLDS = np.linspace(-2.6, -0.8, 37)
FOLDS, INNER_FOLDS = 5, 3

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


class Marked(NamedTuple):
    """A text with which of its tokens annotators marked, and where they stand in the text as given."""

    text: Text
    marked: Bools
    gold: Bools
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `style`."""
    reader = load_reader(folder)
    known = word_knowledge(corpora, reader)
    part = _fit(_marked(corpora, reader), known)
    patterns, memberships, names = word_classes(reader.lexicon)
    arrays = {**part.arrays, "patterns": patterns, "memberships": memberships}
    write_part(folder, "style", arrays, {**part.meta, "classes": names})


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Character F1, precision and recall of loaded wording, cross-validated by article with everything refitted."""
    from sklearn.model_selection import KFold

    reader = load_reader(folder)
    known, texts = word_knowledge(corpora, reader), _marked(corpora, reader)
    counts = np.zeros(3)
    for kept, held in KFold(FOLDS, shuffle=True, random_state=0).split(texts):
        loaded = Loaded(_fit([texts[i] for i in kept], known))
        for i in held:
            odds = loaded.log_odds(texts[i].text, loaded.first_stage(texts[i].text))
            counts += _overlap(texts[i], odds >= loaded.threshold)
    return {
        "loaded_f1": _f1(counts),
        "loaded_precision": float(counts[0] / max(1, counts[1])),
        "loaded_recall": float(counts[0] / max(1, counts[2])),
        "loaded_n": float(len(texts)),
    }


def _marked(corpora: Corpora, reader: Reader) -> list[Marked]:
    texts = []
    for row in corpora.rows("propaganda"):
        normal = normalise(row["text"])
        text = reader.read(normal)
        gold = np.zeros(len(row["text"]), dtype=bool)
        for span in row["spans"]:
            if span["technique"] in TECHNIQUES:
                gold[span["start"] : span["end"]] = True
        spans = np.array([text.token_span(i, i + 1) for i in range(len(text.words))], dtype=np.int32).reshape(-1, 2)
        covered = np.concatenate([[0], np.cumsum(gold)])
        inside = covered[spans[:, 1]] - covered[spans[:, 0]]
        texts.append(Marked(text, inside * 2 >= spans[:, 1] - spans[:, 0], gold, spans[:, 0], spans[:, 1]))
    return texts


def _fit(texts: Sequence[Marked], known: Floats) -> Part:
    """Both stages and the threshold; the second learns from first stages that did not see the text."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold

    rows, labels = [], []
    held_out: dict[int, Floats] = {}
    for kept, held in KFold(INNER_FOLDS, shuffle=True, random_state=1).split(list(texts)):
        stage = Loaded(_fit_first([texts[i] for i in kept], known))
        for i in held:
            held_out[int(i)] = stage.first_stage(texts[i].text)
    for i, text in enumerate(texts):
        rows.append(_second_rows(text.text, held_out[i]))
        labels.append(text.marked)
    model = LogisticRegression(C=SECOND_C, max_iter=300)
    stacked = np.concatenate(rows)
    scale = stacked.std(0) + 1e-3
    model.fit(stacked / scale, np.concatenate(labels))
    weights = (model.coef_[0] / scale).astype(np.float32)
    bias = float(model.intercept_[0])
    scores = [row @ weights + bias for row in rows]
    f1 = [_f1(sum(_overlap(t, s >= cut) for t, s in zip(texts, scores, strict=True))) for cut in THRESHOLDS]
    first = _fit_first(texts, known)
    width = len(weights) - 2 * SHAPES
    return Part(
        "style",
        {**first.arrays, "second": weights[:width], "second_shapes": weights[width:].reshape(2, SHAPES)},
        {**first.meta, "second_bias": bias, "threshold": float(THRESHOLDS[int(np.argmax(f1))])},
    )


def _second_rows(text: Text, first: Floats) -> Floats:
    shapes = np.eye(SHAPES, dtype=np.float32)[text.shapes]
    return np.concatenate([surroundings(sentence_of_tokens(text), first).T, shapes, shapes * first[:, None]], axis=1)


def _fit_first(texts: Sequence[Marked], known: Floats) -> Part:
    """The first stage, folded into tables."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    rows, labels, words = [], [], []
    for marked in texts:
        kept = marked.marked | (random.random(len(marked.marked)) < KEPT_NEGATIVES)
        rows.append(_first_rows(marked.text, known)[kept])
        labels.append(marked.marked[kept])
        padded = np.concatenate([[0], marked.text.words, [0]])
        words.append(np.stack([padded[:-2], padded[1:-1], padded[2:]])[:, kept])
    stacked, target = np.concatenate(rows), np.concatenate(labels)
    counts = np.where(target, 1.0, 1 / KEPT_NEGATIVES)
    model = LogisticRegression(C=FIRST_C, max_iter=80)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
        model.fit(stacked, target, counts)
    k = known.shape[1]
    weights = model.coef_[0]
    scales = (NEIGHBOUR_SCALE, 1.0, NEIGHBOUR_SCALE, SENTENCE_SCALE, TEXT_SCALE)
    tables = np.stack([known @ weights[j * k : (j + 1) * k] * scale for j, scale in enumerate(scales)])
    chance = model.predict_proba(stacked)[:, 1]
    for place, (found, prior) in enumerate(zip(np.concatenate(words, axis=1), OWN_PRIORS, strict=True)):
        tables[place] += _own_weights(
            found, counts * (target - chance), counts * chance * (1 - chance), prior, len(known)
        )
    return Part(
        "style",
        {
            "tables": tables.astype(np.float16),
            "shapes": weights[5 * k :].reshape(3, SHAPES).astype(np.float32),
        },
        {"bias": float(model.intercept_[0])},
    )


def _own_weights(
    words: NDArray[Any], left: NDArray[Any], information: NDArray[Any], prior: float, size: int
) -> NDArray[np.float64]:
    """A weight of each word's own: one Newton step from what is known of words like it to what its tokens say, shrunk
    towards nothing where they are few. The word 0 (none) has none.
    """
    own: NDArray[np.float64] = np.bincount(words, left, size) / (np.bincount(words, information, size) + prior)
    own[0] = 0.0
    return own


def _first_rows(text: Text, known: Floats) -> Floats:
    """What the first stage learns from: rows of `known` at the five places, and shapes."""
    itself, n = known[text.words], len(text.words)
    shapes = np.eye(SHAPES, dtype=np.float32)[text.shapes]
    sentence = sentence_of_tokens(text)
    sums = np.zeros((int(sentence.max(initial=0)) + 1, known.shape[1]), dtype=np.float32)
    np.add.at(sums, sentence, itself)
    average = (sums / np.maximum(1, np.bincount(sentence))[:, None])[sentence]
    return np.concatenate(
        [
            _shifted(itself, 1) * NEIGHBOUR_SCALE,
            itself,
            _shifted(itself, -1) * NEIGHBOUR_SCALE,
            average * SENTENCE_SCALE,
            np.tile(itself.mean(0) * TEXT_SCALE, (n, 1)),
            _shifted(shapes, 1),
            shapes,
            _shifted(shapes, -1),
        ],
        axis=1,
    )


def _shifted(rows: Floats, by: int) -> Floats:
    moved = np.zeros_like(rows)
    if by > 0:
        moved[by:] = rows[:-by]
    else:
        moved[:by] = rows[-by:]
    return moved


def _overlap(text: Marked, on: Bools) -> NDArray[Any]:
    """Characters rightly marked, marked, and to be marked; blanks between marked tokens count as marked."""
    mine = np.zeros(len(text.gold), dtype=bool)
    borders = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8))).reshape(-1, 2)
    for first, last in borders:
        mine[text.starts[first] : text.ends[last - 1]] = True
    return np.array([(mine & text.gold).sum(), mine.sum(), text.gold.sum()], dtype=float)


def _f1(counts: Any) -> float:
    return float(2 * counts[0] / max(1.0, counts[1] + counts[2]))
