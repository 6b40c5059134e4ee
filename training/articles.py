"""Articles made ready to learn from: cleaned, deduplicated, measured by the signals, counted into a matrix.

Everything a model sees in training is measured by the very code that scores: `read_document`, the signals, `terms_of`.
"""

from __future__ import annotations

import collections
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import delayed
from numpy.typing import NDArray

from scorer.abstention import profile
from scorer.article import Article
from scorer.classifier import PAIR_BITS, alike, masked_words, terms_of
from scorer.document import read_document
from scorer.findings import Signal
from scorer.signals import PRIOR_SIGNALS, build
from scorer.text import Reader
from training.camps import camp_words
from training.corpora import Row, house_of
from training.lexicon import load_reader
from training.parallel import side_by_side
from training.store import open_unsealed
from training.term_ratings import rated_terms

SITE_LINE_ARTICLES = 3
"""A line that stands in this many articles of one source marks the site and is dropped before learning."""

PIECES = 16
"""Articles are measured in so many pieces, side by side."""

SKETCH_SIZE = 48
DUPLICATE_SHARE = 0.5
"""Two articles that share this part of their sketches (hashed eight-word stretches) are copies of one text."""


@dataclass(frozen=True)
class Measured:
    """n measured articles.

    Attributes:
        rows: the articles as they came (n).
        counts: float32 CSR (n, single + pairs), log-scaled term frequencies (`Terms.value`).
        title_counts: the same for titles, single words only.
        names: (signal, feature) of each column of `features`.
        features: float64 (n, k), nan where a signal was not measured.
        profiles: what abstention looks at (`scorer.abstention.profile`), by name, float64 (n,).
        vocabulary: number of word ids.
        ratings: what is known of single terms, float32 CSR (single + pairs, kinds) (training/term_ratings.py).
    """

    rows: Sequence[Row]
    counts: sp.csr_matrix
    title_counts: sp.csr_matrix
    names: Sequence[tuple[str, str]]
    features: NDArray[np.float64]
    profiles: Mapping[str, NDArray[np.float64]]
    vocabulary: int
    ratings: sp.csr_matrix

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> NDArray[Any]:
        """A field of every row, as an object array."""
        return np.array([row.get(name) for row in self.rows], dtype=object)

    def take(self, chosen: NDArray[np.int64]) -> Measured:
        """The articles at these positions."""
        return Measured(
            [self.rows[i] for i in chosen],
            self.counts[chosen],
            self.title_counts[chosen],
            self.names,
            self.features[chosen],
            {name: values[chosen] for name, values in self.profiles.items()},
            self.vocabulary,
            self.ratings,
        )


def without_site_lines(rows: Sequence[Row]) -> list[Row]:
    """The articles less the lines that recur within their house (newsletter pitches, credits, menus)."""
    seen: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows:
        seen[house_of(row)].update({line.strip() for line in (row["text"] or "").split("\n")})
    cleaned = []
    for row in rows:
        own = seen[house_of(row)]
        lines = (row["text"] or "").split("\n")
        kept = [line for line in lines if not line.strip() or own[line.strip()] < SITE_LINE_ARTICLES]
        cleaned.append({**row, "text": "\n".join(kept)})
    return cleaned


def without_copies(rows: Sequence[Row], kept_apart: Sequence[Row] = ()) -> list[Row]:
    """The articles less copies of the same text, and less copies of those that are to be `kept_apart`.

    The first stays, or the first that has a tier. Where outlets of different tiers ran a text, all of them go: its
    words cannot tell which it is of.
    """
    every = [*kept_apart, *rows]
    sketches = [_sketch(row["text"] or "") for row in every]
    holders: dict[int, list[int]] = collections.defaultdict(list)
    for number, sketch in enumerate(sketches):
        for value in sketch:
            holders[value].append(number)
    dropped = set(range(len(kept_apart)))
    for number, sketch in enumerate(sketches):
        shared = collections.Counter(
            other for value in sketch if len(holders[value]) < 50 for other in holders[value] if other > number
        )
        for other, count in shared.items():
            if count >= DUPLICATE_SHARE * SKETCH_SIZE:
                first, later = every[number].get("tier"), every[other].get("tier")
                if first is not None or later is None or number < len(kept_apart):
                    dropped.add(other)
                if later is not None and first != later:
                    dropped.add(number)
    return [row for number, row in enumerate(every) if number not in dropped]


def _sketch(text: str) -> list[int]:
    """Bottom-k sketch (Broder 1997) of a text's eight-word stretches."""
    words = text.lower().split()
    stretches = {zlib.crc32(" ".join(words[i : i + 8]).encode()) for i in range(max(1, len(words) - 7))}
    return sorted(stretches)[:SKETCH_SIZE]


def measure(rows: Sequence[Row], folder: Path) -> Measured:
    """Measure articles with the parts a model has so far (everything but text, genre and verdict)."""
    size = max(1, len(rows) // PIECES + 1)
    chunks = [rows[i : i + size] for i in range(0, len(rows), size)]
    results = side_by_side(delayed(_measure_chunk)(chunk, str(folder)) for chunk in chunks)
    found = [item for chunk in results for item in chunk]
    lexicon = load_reader(folder).lexicon
    vocabulary = len(lexicon)
    names = list(dict.fromkeys(name for item in found for name in item["features"]))
    position = {name: number for number, name in enumerate(names)}
    features = np.full((len(found), len(names)), np.nan)
    for number, item in enumerate(found):
        for name, value in item["features"].items():
            features[number, position[name]] = value
    return Measured(
        rows,
        _stack([item["body"] for item in found], pair_offset(vocabulary) + (1 << PAIR_BITS)),
        _stack([item["title"] for item in found], pair_offset(vocabulary)),
        names,
        features,
        {name: np.array([item["profile"][name] for item in found]) for name in found[0]["profile"]},
        vocabulary,
        rated_terms(lexicon, pair_offset(vocabulary)),
    )


def replace_rows(measured: Measured, positions: NDArray[np.int64], others: Measured) -> Measured:
    """The same articles with those at `positions` exchanged for `others`, in order."""
    if not len(positions):
        return measured
    order = np.arange(len(measured))
    order[positions] = len(measured) + np.arange(len(others))
    columns = {name: number for number, name in enumerate(others.names)}
    missing = np.full(len(others), np.nan)
    features = np.column_stack([others.features[:, columns[n]] if n in columns else missing for n in measured.names])
    rows = [*measured.rows, *others.rows]
    return Measured(
        [rows[i] for i in order],
        sp.vstack([measured.counts, others.counts]).tocsr()[order],
        sp.vstack([measured.title_counts, others.title_counts]).tocsr()[order],
        measured.names,
        np.vstack([measured.features, features])[order],
        {name: np.concatenate([values, others.profiles[name]])[order] for name, values in measured.profiles.items()},
        measured.vocabulary,
        measured.ratings,
    )


def pair_offset(vocabulary: int) -> int:
    """Where hashed pairs begin: after the words and the 16 shapes that stand for names and numbers."""
    return vocabulary + 16


def _measure_chunk(rows: Sequence[Row], folder: str) -> list[dict[str, Any]]:
    model = open_unsealed(Path(folder))
    reader: Reader = load_reader(Path(folder))
    measures = build(model)
    vocabulary, first_ending = len(reader.lexicon), reader.lexicon.id_of["~"]
    counted = alike(camp_words(reader.lexicon), vocabulary)
    found = []
    for row in rows:
        document = read_document(Article(text=row["text"] or " ", title=(row.get("title") or "")[:2000]), reader)
        signals: dict[str, Signal] = {}
        # what surrounds an article is on its page alone; its words are learned from the cleaned text
        page = read_document(Article(html=row["html"], url=row.get("url")), reader) if row.get("html") else document
        for name, measure_one in measures.items():
            signals[name] = measure_one(page if name in PRIOR_SIGNALS else document, signals)
        body = terms_of(masked_words(document.body, vocabulary, counted), pair_offset(vocabulary))
        title = terms_of(document.title.words, pair_offset(vocabulary))
        single = title.index < pair_offset(vocabulary)
        found.append(
            {
                "features": {(s.name, name): value for s in signals.values() for name, value in s.features.items()},
                "body": (body.index, body.value),
                "title": (title.index[single], title.value[single]),
                "profile": profile(document.body, first_ending),
            }
        )
    return found


def _stack(rows: Sequence[tuple[Any, Any]], width: int) -> sp.csr_matrix:
    lengths = [len(index) for index, _ in rows]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    indices = np.concatenate([index for index, _ in rows]) if rows else np.zeros(0, dtype=np.int64)
    values = np.concatenate([value for _, value in rows]) if rows else np.zeros(0)
    return sp.csr_matrix((values.astype(np.float32), indices.astype(np.int32), starts), shape=(len(rows), width))
