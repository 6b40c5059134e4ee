"""Learns the attribution tagger from PolNeAR (Newell et al. 2018): fitted on its part `train`, judged on `dev`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.article import Article
from scorer.document import read_document
from scorer.normal import normalise
from scorer.signals import attribution
from scorer.tagger import LABELS, inputs
from scorer.text import Text
from scorer.word_table import packed
from training import passives, references
from training.attribution_figures import by_publisher, publisher_table, score_rows
from training.corpora import Corpora, Row
from training.distillation import DILATIONS, compact, distil, silver, word_vectors
from training.lexicon import load_reader
from training.network import Example
from training.polnear import gold_runs
from training.store import open_part, write_part

FloatArray = NDArray[np.float32]

THRESHOLDS = {"cue": 0.4, "source": 0.3, "content": 0.38, "silent": 0.15, "least": 0.03}
"""Of `scorer.tagger.Thresholds`: the best of a grid on one sixth of the training part, kept out of training for it."""

CUE_SHARE, CUE_DOUBT = 0.4, 2
"""A word is a cue word where this share of its uses stands in cues, after so many uses at half of it are added."""


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `attribution`, but for its ties, of a model whose `lexicon` and `punkt` exist."""
    from training import encoder  # and with it JAX, which nothing else needs

    reader = load_reader(folder)
    read = [(row, reader.read(normalise(row["text"]))) for row in corpora.attributions if row["part"] == "train"]
    telling = cue_words(read, len(reader.lexicon))
    texts, unlabelled = [text for _, text in read], silver(corpora, reader)
    gold, others = [example(*one, telling) for one in read], [inputs(text, telling) for text in unlabelled]
    large = encoder.fit(texts, gold)
    weights = distil(gold, others, encoder.opinions(large, unlabelled, others), word_vectors(corpora, reader))
    arrays, scales = compact(weights)
    arrays.update(packed(arrays["words"]))
    arrays["cue_words"] = telling.astype(np.int8)
    meta = {"scales": scales, "dilations": list(DILATIONS), "thresholds": THRESHOLDS}
    write_part(folder, "attribution", arrays, meta)


def cue_words(read: Sequence[tuple[Row, Text]], size: int) -> NDArray[np.bool_]:
    """Which of the lexicon's `size` words mostly stand in cues: said, according, tweeted, statement."""
    uses, cues = np.zeros((2, size))
    for row, text in read:
        inside = np.zeros(len(text.words), dtype=bool)
        for found in gold_runs(row, text):
            for first, last in found["cue"]:
                inside[first:last] = True
        np.add.at(uses, text.words, 1)
        np.add.at(cues, text.words[inside], 1)
    share: NDArray[np.bool_] = (cues + CUE_DOUBT * CUE_SHARE / 2) / (uses + CUE_DOUBT) > CUE_SHARE
    return share


def example(row: Row, text: Text, telling: NDArray[np.bool_]) -> Example:
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
    return Example(inputs(text, telling), labels, content)


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Figures on PolNeAR's dev part, which training does not read, and on two samples labelled by hand.

    Definitions: docs/signals/attribution.md.
    """
    rows = [row for row in corpora.attributions if row["part"] != "train"]
    found = score_rows(rows, list(predictions(rows, folder)))
    reader = load_reader(folder)
    led_back = references.shares(references.judge(corpora, reader)).values()
    found["resolved"] = sum(right for right, _ in led_back) / sum(of for _, of in led_back)
    right, wrong, missed = np.sum(list(passives.figures(corpora, reader).values()), axis=0).tolist()
    found["passive_f1"] = 2 * right / (2 * right + wrong + missed)
    return found


def publishers(corpora: Corpora, folder: Path) -> str:
    """The figures of `evaluate` that are F1 against gold spans, publisher by publisher, as a Markdown table."""
    rows = [row for row in corpora.attributions if row["part"] != "train"]
    return publisher_table(by_publisher(rows, list(predictions(rows, folder))))


def predictions(rows: Sequence[Row], folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The signal's attributions with a source, document by document (PolNeAR's rules leave most others out)."""
    reader = load_reader(folder)
    part, sources = (open_part(folder, name) for name in ("attribution", "sources"))
    measure = attribution.build_part(part, reader.lexicon, sources)
    for row in rows:
        signal = measure(read_document(Article(text=row["text"]), reader), {})
        yield [dict(span) for span in signal.spans if span["source"] is not None]
