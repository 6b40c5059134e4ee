"""What the style signal knows of single words before it learns: the classes they form, and measures of each word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.text import Reader
from training.corpora import Corpora
from training.vectors import word_vectors

DATA = Path(__file__).parent / "data"

Floats = NDArray[np.float32]


def word_classes(lexicon: Lexicon) -> tuple[NDArray[np.uint16], NDArray[np.uint8], list[str]]:
    """Pattern of each word id, the classes each pattern belongs to, and the classes' names."""
    lists = json.loads((DATA / "style_words.json").read_text(encoding="utf-8"))
    members = {name: set(words.split()) for name, words in lists["words"].items()}
    valence = {word: row[0] for word, row in _table("valence.tsv").items()}
    subjectivity = {word: row[1] for word, row in _table("subjectivity.tsv").items()}
    members["negative"] = {word for word, value in valence.items() if value < 0}
    members["strongly_negative"] = {word for word, value in valence.items() if value <= -2}
    members["positive"] = {word for word, value in valence.items() if value > 0}
    members["subjective"] = {word for word, value in subjectivity.items() if value >= 0.6}
    endings = {name: tuple(text.split()) for name, text in lists["endings"].items()}
    names = [*members, *endings]
    rows = np.array(
        [
            [
                word in members[name] if name in members else len(word) > 4 and word.endswith(endings[name])
                for name in names
            ]
            if not word.startswith("~")
            else [name in endings and word.endswith(endings[name]) for name in names]
            for word in lexicon.words
        ],
        dtype=np.uint8,
    )
    memberships, patterns = np.unique(rows, axis=0, return_inverse=True)
    return patterns.ravel().astype(np.uint16), memberships, names


def word_knowledge(corpora: Corpora, reader: Reader) -> Floats:
    """What is known of every word id, standardised: float32 (V, k)."""
    vectors, texts = word_vectors(corpora, reader)
    size = len(reader.lexicon)
    opinion, news = np.zeros(size), np.zeros(size)
    for row, words in texts:
        if row["genre"] == "opinion":
            opinion += np.bincount(words, minlength=size)
        elif row["genre"] == "news":
            news += np.bincount(words, minlength=size)
    partisan, plain = np.zeros(size), np.zeros(size)
    for row in corpora.rows("hyperpartisan"):
        used = np.unique(reader.read(normalise(row["text"])).words)
        (partisan if str(row["label"]).lower() in ("1", "true") else plain)[used] += 1
    columns = [
        vectors,
        _contrast(opinion, news, 1e5),
        _contrast(partisan, plain, 1e4),
        np.log1p(opinion + news)[:, None] / 10,
        (np.arange(size) >= reader.lexicon.id_of["~"])[:, None],
        _looked_up(reader.lexicon, _table("valence.tsv"), lambda row: [row[0] / 3, abs(row[0]) / 3, 1.0]),
        _looked_up(reader.lexicon, _table("subjectivity.tsv"), lambda row: [row[0], row[1], row[2] - 1]),
    ]
    known = np.concatenate(columns, axis=1)
    standard: Floats = ((known - known.mean(0)) / (known.std(0) + 1e-4)).astype(np.float32)
    return standard


def _contrast(first: NDArray[Any], second: NDArray[Any], scale: float) -> NDArray[Any]:
    smoothed = (first / max(1.0, first.sum()) * scale + 0.3) / (second / max(1.0, second.sum()) * scale + 0.3)
    column: NDArray[Any] = np.tanh(np.log(smoothed))[:, None]
    return column


def _table(name: str) -> dict[str, list[float]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    cells = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: [float(value) for value in values] for word, *values in cells}


def _looked_up(
    lexicon: Lexicon, table: dict[str, list[float]], columns: Callable[[list[float]], list[float]]
) -> NDArray[Any]:
    found = np.zeros((len(lexicon), 3))
    for word, row in table.items():
        number = lexicon.id_of.get(word)
        if number is not None:
            found[number] = columns(row)
    return found
