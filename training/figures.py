"""Trains and measures the figures signal: which numbers are figures, which are sourced, which are left open."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_features, figure_tagged
from scorer.figure_surroundings import WORDS
from scorer.figure_words import rows_of
from scorer.findings import Signal
from scorer.hedges import Hedger
from scorer.quantities import Finder, Quantities
from scorer.signals import attribution
from scorer.signals.figures import Judge
from scorer.store import Part
from scorer.text import Reader, Text
from training import claims, figure_status, figure_words, hedges, quantities
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.store import open_part, write_part

FOLDS = 5
ARTICLE_LABELS = Path(__file__).parent / "data" / "figures.json"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“‘(])|\n+")
"""Where the windows of the labelled figures begin and end: those of articles were read in such windows too."""
QUESTIONS = ("sourced", "unconfirmed")

READER_WEIGHT = 2.0
"""How much a reader's label counts beside a language model's; 1, 2 and 4 were tried."""


class Material:
    """All that is learned from, read once."""

    def __init__(self, corpora: Corpora, folder: Path) -> None:
        self.reader: Reader = load_reader(folder)
        self.attribute = attribute_with(folder, self.reader)
        self.table, self.rare = quantities.letters(self.reader.lexicon)
        self.hedging = hedges.letters(self.reader.lexicon)
        finder = Finder(self.table, self.rare)
        self.rows: list[Row] = [row | {"read": True} for row in corpora.rows("figures")]
        extra = labelled_in_articles(corpora)
        self.labelled = len(self.rows)  # what is measured; the rows after these are for learning only
        self.rows += extra
        self.texts, found, self.which = claims.labelled(self.rows, self.reader, finder)
        self.silver = claims.unlabelled(corpora, self.reader, finder)
        self.context = claims.learn_context(self.silver)
        self.prior = figure_status.prior(corpora, self.reader, finder, self.hedging)
        self.claim_label = np.array([row["kind"] == "claim" for row in self.rows], dtype=np.int64)
        self.said = [self.attribute(text) for text in self.texts]
        features, words, status, tagged, around = [], [], [], [], []
        for number, (text, quantity, at) in enumerate(zip(self.texts, found, self.which.tolist(), strict=True)):
            i = max(at, 0)
            one = Quantities(quantity.letters, quantity.first[i : i + 1], quantity.last[i : i + 1])
            if at < 0:  # never a candidate, so it stands for nothing that is learned
                one = Quantities(quantity.letters, np.zeros(1, np.int64), np.ones(1, np.int64))
            columns, context = figure_features.features(text, one)
            features.append(columns)
            words.append(context)
            status.append(figure_status.columns_of(text, one, columns[:, 0], self.hedging, self.said[number].spans))
            tagged.append(figure_tagged.features(text, one, self.said[number].working["scores"]))
            around += rows_of(text, one)
        self.claim_features = np.concatenate(features), np.concatenate(words)
        self.status = figure_status.complete(np.concatenate(status), self.prior, np.concatenate(tagged))
        self.words = figure_words.matrix(around)
        self.articles = np.array([_article(row["doc"]) for row in self.rows])
        self.weights = np.array([READER_WEIGHT if row["read"] else 1.0 for row in self.rows])

    def part(self, kept: NDArray[np.int64]) -> Part:
        """The part `figures` learned from the labelled items `kept`."""
        items = kept[self.which[kept] >= 0]
        gold = self.claim_features[0][items], self.claim_features[1][items]
        table, context, bias = claims.learn_claims(gold, self.claim_label[items], self.silver, self.context)
        arrays: dict[str, NDArray[Any]] = {
            "letters": self.table,
            "context": context.astype(np.float16),
            "claim": table,
        }
        biases = {"claim": round(bias + figure_status.shift("claim"), 6)}
        figures = items[self.claim_label[items] == 1]
        labels = np.array([[self.rows[i][name] for name in QUESTIONS] for i in figures], dtype=np.int64)
        weights = self.weights[figures]
        around = figure_words.learn(self.words[figures], labels, self.articles[figures], weights)
        status = self.status[figures]
        status[:, WORDS:] = around.unseen
        trees = {"prior": self.prior}
        trees |= {name: figure_status.learn(name, status, labels[:, i], weights) for i, name in enumerate(QUESTIONS)}
        for name, (feature, limit, value, bias) in trees.items():
            arrays |= {f"{name}_feature": feature, f"{name}_limit": limit, f"{name}_value": value}
            biases[name] = round(bias, 6)
        arrays["words"] = around.table
        meta = {"word_units": around.units, "word_biases": around.biases}
        return Part("figures", arrays, {"rare": self.rare, "context_weight": 1.0, "bias": biases, **meta})


def labelled_in_articles(corpora: Corpora) -> list[Row]:
    """Figures of training/data/figures.json as rows of the same shape; those of absent articles are left out.

    `read` tells the labels of readers from those of a language model.
    """
    articles = {row["id"]: row["text"] for row in corpora.articles}
    rows: list[Row] = []
    table = json.loads(ARTICLE_LABELS.read_text(encoding="utf-8"))
    labels = [(*item, read) for key, read in (("items", True), ("machine", False)) for item in table[key]]
    for article, start, end, label, read in labels:
        if article in articles:
            before, begin, stop, after = sentences_around(articles[article], start, end)
            text = articles[article]
            rows.append(
                {
                    "doc": article,
                    "prev": text[before:begin].strip(),
                    "text": text[begin:stop].rstrip(),
                    "next": text[stop:after].strip(),
                    "start": start - begin,
                    "end": end - begin,
                    "kind": "other" if label == "other" else "claim",
                    "sourced": "sourced" in label,
                    "unconfirmed": "unconfirmed" in label,
                    "read": read,
                }
            )
    return rows


def sentences_around(text: str, start: int, end: int) -> tuple[int, int, int, int]:
    """Starts of the sentence before [start, end), of its own, of the next, and where the next one ends."""
    borders = [0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    own = bisect_right(borders, start) - 1
    next_ = bisect_left(borders, end)
    return borders[max(0, own - 1)], borders[own], borders[next_], borders[min(len(borders) - 1, next_ + 1)]


def attribute_with(folder: Path, reader: Reader) -> Callable[[Text], Signal]:
    """Text -> the signal of its attributions, with the model's parts for it, which must be trained first.

    But for what is signed: in windows of sentences names are cut and line breaks lost ("Lind (@maralind) May 7 …").
    Learned with it, two readers' `unconfirmed` was .830 for .848, two figures more.
    """
    parts = [open_part(folder, name) for name in ("attribution", "sources")]
    found = attribution.Attributions(parts[0], reader.lexicon, parts[1])

    def attribute(text: Text) -> Signal:
        tags = found.tagger.tag(text)
        return attribution.report(text, tags, found.judge.told(text, tags, found.tied(text, tags)))

    return attribute


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `figures`."""
    material = Material(corpora, folder)
    part = material.part(np.arange(len(material.rows)))
    write_part(folder, "figures", part.arrays, part.meta)


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """F1 of figure, sourced and unconfirmed, through the signal itself, cross-validated in five folds by article."""
    return measured(Material(corpora, folder), Hedger(open_part(folder, "hedges")))


def measured(material: Material, hedger: Hedger) -> dict[str, float]:
    """The figures of `evaluate` for material that is already read."""
    from sklearn.model_selection import GroupKFold

    groups = material.articles
    counts: dict[str, NDArray[np.int64]] = {name: np.zeros(3, np.int64) for name in ("figure", *QUESTIONS)}
    for kept, held in GroupKFold(FOLDS).split(groups, groups=groups):
        judge = Judge(material.part(kept), hedger, material.reader.lexicon)
        for i in held[held < material.labelled].tolist():
            row, found = material.rows[i], _finding(material, judge, i)
            _count(counts["figure"], row["kind"] == "claim", found is not None)
            if row["kind"] == "claim":
                for name in QUESTIONS:
                    _count(counts[name], row[name], bool(found and found[name]))
    scores = {f"{name}_f1": 2 * hit / max(1, 2 * hit + extra + missed) for name, (hit, extra, missed) in counts.items()}
    return {**{name: float(score) for name, score in scores.items()}, "figures_n": float(material.labelled)}


def _article(name: str) -> str:
    """Articles are named with their corpus in one set and without in the other."""
    return name.removeprefix("abp-").removeprefix("rec-")


def _finding(material: Material, judge: Judge, number: int) -> Any:
    text = material.texts[number]
    _, start, end = claims.window(material.rows[number])
    found = (span for span in judge.told(text, material.said[number])[0] if span["kind"] == "figure")
    return next((figure for figure in found if figure["start"] < end and start < figure["end"]), None)


def _count(counts: NDArray[np.int64], is_so: bool, found: bool) -> None:
    counts += np.array([is_so and found, found and not is_so, is_so and not found], dtype=np.int64)
