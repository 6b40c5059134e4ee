"""Learns who says what from PolNeAR (Newell et al. 2018): fitted on its part `train`, judged on `dev`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray

from scorer.article import Article
from scorer.assembly import BUCKETS, FEATURES, SLOTS, candidates, landmarks
from scorer.document import read_document
from scorer.normal import normalise
from scorer.signals import attribution
from scorer.store import Part, load_part
from scorer.tagger import LABELS, Inputs, Network, Run, Tags, inputs
from scorer.text import Reader, Text
from training.attribution_figures import score_rows
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.network import Example, fit, softmax
from training.store import write_part

FloatArray = NDArray[np.float32]

DIMENSIONS = 32
HIDDEN, DILATIONS = 64, (1, 3)
EPOCHS = 5
TEACHERS = 3
WORKERS = 2
TEACHER_HIDDEN, TEACHER_DILATIONS, TEACHER_EPOCHS = 96, (1, 3, 9), 6
SILVER_ARTICLES = 2_400
SILVER_CHARACTERS = 7_000
SILVER_WORDS = 100
GOLD_SHARE = 0.7
"""Of the target on gold documents; the rest is what the teachers say, who saw these documents."""
VECTOR_ARTICLES = 5_000
CONTEXT_WORDS = 3_000
TRANSITION_STRENGTH = 0.4
FORBIDDEN = -8.0
CONTENT_BIAS = -0.4
PLAIN_BIAS = 0.8
"""Taken from the score of "neither source nor cue": a missed attribution costs more than one too many."""
INSIDE_BIAS = 0.4
"""Taken from the scores of labels that go on: cues came out longer than the guidelines have them."""
THRESHOLD = -4.0
"""Log-odds above which a cue takes its best source: nearly every cue has one, the question is which."""


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `attribution` of a model whose `lexicon` and `punkt` exist."""
    reader = load_reader(folder)
    read = [(row, reader.read(normalise(row["text"]))) for row in corpora.attributions if row["part"] == "train"]
    examples = [example(row, text) for row, text in read]
    vectors = word_vectors(corpora, reader)
    weights = distil(examples, silver_inputs(corpora, reader), vectors)
    weights["bo"][LABELS.index("O")] -= PLAIN_BIAS
    for label, name in enumerate(LABELS):
        if name.startswith("I-"):
            weights["bo"][label] -= INSIDE_BIAS
    arrays, scales = _compact(weights)
    comma = reader.lexicon.id_of[","]
    source_pairs, content_pairs = _pairs(read, comma)
    arrays["link_sources"] = _fit_table(*source_pairs)
    arrays["link_content"] = _fit_table(*content_pairs)
    meta = {
        "scales": scales,
        "dilations": list(DILATIONS),
        "transitions": _transitions(examples),
        "content_bias": CONTENT_BIAS,
        "threshold": THRESHOLD,
        "comma": comma,
    }
    write_part(folder, "attribution", arrays, meta)


def silver_inputs(corpora: Corpora, reader: Reader) -> list[Inputs]:
    """Unlabelled articles, read: a seeded sample, each cut at SILVER_CHARACTERS."""
    sample = random.Random(9).sample(corpora.articles, min(SILVER_ARTICLES, len(corpora.articles)))
    texts = (reader.read(normalise((article["text"] or "")[:SILVER_CHARACTERS])) for article in sample)
    return [inputs(text) for text in texts if len(text.words) >= SILVER_WORDS]


def distil(gold: Sequence[Example], silver: Sequence[Inputs], vectors: FloatArray) -> dict[str, FloatArray]:
    """One small network that learns what several large ones think of gold and of unlabelled text.

    Hinton, Vinyals & Dean 2015: the agreement of networks is better than each, and text without labels is plenty.
    """
    taught = Parallel(n_jobs=WORKERS)(delayed(_teacher)(gold, vectors, seed) for seed in range(1, TEACHERS + 1))
    teachers = [
        Network(Part("teacher", weights, {"scales": {}, "dilations": list(TEACHER_DILATIONS)})) for weights in taught
    ]
    none = np.zeros(0, dtype=np.int64)
    examples = [
        one._replace(
            soft=(GOLD_SHARE * one.targets + (1 - GOLD_SHARE) * _agreed(teachers, one.inputs)).astype(np.float32)
        )
        for one in gold
    ]
    examples += [Example(given, none, none, _agreed(teachers, given)) for given in silver]
    return fit(examples, vectors, HIDDEN, DILATIONS, EPOCHS, dropout=0.1, word_dropout=0.03, direct_dropout=0.3)


def _teacher(gold: Sequence[Example], vectors: FloatArray, seed: int) -> dict[str, FloatArray]:
    return fit(
        gold,
        vectors,
        TEACHER_HIDDEN,
        TEACHER_DILATIONS,
        TEACHER_EPOCHS,
        dropout=0.25,
        word_dropout=0.08,
        direct_dropout=0.4,
        seed=seed,
    )


def _agreed(teachers: Sequence[Network], given: Inputs) -> FloatArray:
    """(n, 7): mean probabilities."""
    scores = [teacher.scores(given) for teacher in teachers]
    tags = len(LABELS)
    parts = [np.concatenate([softmax(one[:, :tags]), softmax(one[:, tags:])], axis=1) for one in scores]
    return np.mean(parts, axis=0, dtype=np.float32)


def _compact(weights: dict[str, FloatArray]) -> tuple[dict[str, NDArray[Any]], dict[str, float]]:
    """The big tables as 8-bit integers with one scale each, all else as 16-bit floats."""
    arrays: dict[str, NDArray[Any]] = {}
    scales = {}
    for name, values in weights.items():
        if name in ("words", "direct", "pairs"):
            largest = float(np.quantile(np.abs(values), 0.9999))
            scales[name] = max(largest, 1e-6) / 127
            arrays[name] = np.clip(np.rint(values / scales[name]), -127, 127).astype(np.int8)
        else:
            arrays[name] = values.astype(np.float16)
    return arrays, scales


def example(row: Row, text: Text) -> Example:
    """A document's tokens with the labels of the gold spans they overlap."""
    labels = np.zeros(len(text.words), dtype=np.int64)
    content = np.zeros(len(text.words), dtype=np.int64)
    runs = gold_runs(row, text)
    for found in runs:
        for first, last in found["content"]:
            content[first:last] = 1
        for role, begin in (("source", LABELS.index("B-source")), ("cue", LABELS.index("B-cue"))):
            for first, last in found[role]:
                labels[first:last] = begin + 1
                labels[first] = begin
    return Example(inputs(text), labels, content)


def gold_runs(row: Row, text: Text) -> list[dict[str, list[Run]]]:
    """The gold attributions as runs of tokens; a piece no token overlaps is left out."""
    origin = text.origin
    starts = text.starts if origin.starts is None else origin.starts[text.starts]
    ends = text.ends if origin.ends is None else origin.ends[text.ends - 1]
    found = []
    for gold in row["attributions"]:
        roles: dict[str, list[Run]] = {}
        for role in ("source", "cue", "content"):
            runs = (
                (int(np.searchsorted(ends, a, side="right")), int(np.searchsorted(starts, b, side="left")))
                for a, b in gold.get(role) or []
            )
            roles[role] = [(first, last) for first, last in runs if first < last]
        found.append(roles)
    return found


def word_vectors(corpora: Corpora, reader: Reader) -> FloatArray:
    """Vectors of all words of the lexicon, from their neighbours in unlabelled articles.

    Positive pointwise mutual information with the frequent words at -2, -1, 1, 2, reduced by a truncated singular
    value decomposition (Levy, Goldberg & Dagan 2015). Words that PolNeAR lacks get their place among those it has.
    """
    from sklearn.utils.extmath import randomized_svd

    sample = random.Random(5).sample(corpora.articles, min(VECTOR_ARTICLES, len(corpora.articles)))
    pieces: list[NDArray[Any]] = []
    for article in sample:
        pieces += [reader.read(normalise(article["text"] or "")).words, np.zeros(2, dtype=np.int32)]
    stream = np.concatenate(pieces).astype(np.int64)
    size = len(reader.lexicon)
    tables = []
    for offset in (-2, -1, 1, 2):
        word = stream[max(0, -offset) : len(stream) - max(0, offset)]
        other = stream[max(0, offset) : len(stream) - max(0, -offset)]
        kept = (other < CONTEXT_WORDS) & (word > 0)
        ones = np.ones(int(kept.sum()), dtype=np.float32)
        tables.append(scipy.sparse.coo_matrix((ones, (word[kept], other[kept])), shape=(size, CONTEXT_WORDS)).tocsr())
    counts = scipy.sparse.hstack(tables).tocoo()
    rows = np.asarray(counts.tocsr().sum(axis=1)).ravel() + 20  # words seen a few times have no strong neighbours
    columns = np.asarray(counts.tocsr().sum(axis=0)).ravel()
    columns = columns**0.75 * columns.sum() ** 0.25
    strength = np.log(np.maximum(counts.data * rows.sum() / rows[counts.row] / np.maximum(columns[counts.col], 1), 1))
    matrix = scipy.sparse.csr_matrix((strength.astype(np.float32), (counts.row, counts.col)), shape=counts.shape)
    left, values, _ = randomized_svd(matrix, DIMENSIONS, n_iter=2, random_state=0)
    vectors = left * np.sqrt(values)
    return (vectors / vectors.std() / 2).astype(np.float32)


def _transitions(examples: Sequence[Example]) -> list[list[float]]:
    """How much more often a label follows another than its share tells, as damped logs; what cannot be is forbidden.

    Row 0 also stands for what precedes a stretch.
    """
    size = len(LABELS)
    counts = np.ones((size, size))
    for one in examples:
        np.add.at(counts, (one.labels[:-1], one.labels[1:]), 1)
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    table = TRANSITION_STRENGTH * np.log(counts / expected)
    for label, name in enumerate(LABELS):
        if name.startswith("I-"):
            role = name[2:]
            for before, other in enumerate(LABELS):
                if other not in (f"B-{role}", f"I-{role}"):
                    table[before, label] = FORBIDDEN
    rounded: list[list[float]] = np.round(table, 4).tolist()
    return rounded


Pairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]


def _pairs(read: Sequence[tuple[Row, Text]], comma: int) -> tuple[Pairs, Pairs]:
    """Candidates (who, buckets, are they tied) of cues with sources, and of content with cues, by the gold spans."""
    sources, content = [], []
    for row, text in read:
        gold = gold_runs(row, text)
        covered = np.zeros(len(text.words) + 2, dtype=np.int8)
        for found in gold:
            for first, last in found["content"]:
                covered[first + 1 : last + 1] = 1
        edges = np.flatnonzero(np.diff(covered))
        pieces = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
        tags = Tags(
            sorted({run for found in gold for run in found["source"]}),
            sorted({run for found in gold for run in found["cue"]}),
            pieces,
            [],
        )
        if not (tags.sources and tags.cues and tags.content):
            continue
        known = landmarks(text, tags, comma)
        tied = {(cue, source) for found in gold for cue in found["cue"] for source in found["source"]}
        owned = {
            (piece, cue)
            for found in gold
            for cue in found["cue"]
            for first, last in found["content"]
            for piece in pieces
            if first < piece[1] and piece[0] < last
        }
        for into, items, others, truth in (
            (sources, tags.cues, tags.sources, tied),
            (content, pieces, tags.cues, owned),
        ):
            who, buckets = candidates(np.array(items), np.array(others), known)
            answer = np.array(
                [[w >= 0 and (item, others[w]) in truth for w in row_] for item, row_ in zip(items, who, strict=True)]
            )
            into.append((who, buckets, answer))

    def stack(parts: list[Pairs]) -> Pairs:
        return tuple(np.concatenate([part[i] for part in parts]) for i in range(3))  # type: ignore[return-value]

    return stack(sources), stack(content)


def _fit_table(who: NDArray[np.intp], buckets: NDArray[np.intp], tied: NDArray[np.bool_]) -> FloatArray:
    """Logistic regression over one-hot (slot, feature, bucket), as a table; the intercept is spread over feature 0."""
    from sklearn.linear_model import LogisticRegression

    item, slot = np.nonzero(who >= 0)
    cells = (slot[:, None] * FEATURES + np.arange(FEATURES)) * BUCKETS + buckets[item, slot]
    rows = np.repeat(np.arange(len(item)), FEATURES)
    matrix = scipy.sparse.csr_matrix(
        (np.ones(cells.size, dtype=np.float32), (rows, cells.ravel())), shape=(len(item), SLOTS * FEATURES * BUCKETS)
    )
    model = LogisticRegression(C=1.0, max_iter=300).fit(matrix, tied[item, slot])
    table = model.coef_[0].reshape(SLOTS, FEATURES, BUCKETS).astype(np.float32)
    table[:, 0] += model.intercept_[0]
    return table


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Figures on PolNeAR's dev part, which training does not read (definitions: docs/signals/attribution.md)."""
    rows = [row for row in corpora.attributions if row["part"] != "train"]
    return score_rows(rows, list(predictions(rows, folder)))


def predictions(rows: Sequence[Row], folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The signal's attributions with a source, document by document (PolNeAR's rules leave most others out)."""
    reader = load_reader(folder)
    measure = attribution.build_part(load_part(folder, "attribution", _files(folder)), reader.lexicon)
    for row in rows:
        signal = measure(read_document(Article(text=row["text"]), reader), {})
        yield [dict(span) for span in signal.spans if span["source"] is not None]


def _files(folder: Path) -> dict[str, str]:
    return {path.name: "" for path in folder.glob("attribution.*")}
