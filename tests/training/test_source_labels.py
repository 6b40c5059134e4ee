"""Sources judged one by one: what the file holds, and what is made of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from scorer import source_kinds
from scorer.article import InvalidInput
from scorer.certainty import CLEAR, Certainty
from scorer.mentions import KINDS, Described
from scorer.normal import normalise
from scorer.source_kinds import SourceKinds
from scorer.store import find
from scorer.text import Reader
from training import source_labels
from training.corpora import Corpora
from training.source_labels import LETTERS, NONE, SOURCES, Examples, Judged

KNOWN = json.loads(SOURCES.read_text(encoding="utf-8"))


def test_the_file_holds_places_and_letters_and_no_text() -> None:
    judged = KNOWN["judged"]
    assert len(judged) == 673
    assert sum(len(entries) for _, entries in judged.values()) == 9_061
    for checksum, entries in judged.values():
        assert isinstance(checksum, int)
        for start, end, letter, *name in entries:
            assert 0 <= start < end <= 4_700
            assert letter in (*LETTERS, NONE)
            assert len(name) in (0, 2)
    assert KNOWN["guide"]


@pytest.mark.shared
def test_places_are_those_of_words(shared_data: Path) -> None:
    rows = list(source_labels.judged(Corpora(shared_data)))
    assert len(rows) == len(KNOWN["judged"])
    for row, said in rows:
        for (start, end), answer in said.items():
            words = row["text"][start:end]
            assert words == words.strip()
            assert words
            assert answer.name is None or answer.name.strip()


def test_articles_that_changed_are_left_out(tmp_path: Path) -> None:
    identifier = next(iter(KNOWN["judged"]))
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"id": identifier, "text": "Another text. Ann Bly said so."}) + "\n")
    assert list(source_labels.judged(Corpora(tmp_path))) == []
    with pytest.raises(InvalidInput, match="are needed"):
        source_labels.evaluate(Corpora(tmp_path), find())


@pytest.mark.parametrize(
    ("resolved", "name", "words", "right"),
    [
        ("Ann Bly", "Ann Bly", "she", True),
        ("Ann Bly", None, "Mayor Ann Bly", True),
        ("Carl Mendes", "Ann Bly", "she", False),
        ("Carl Mendes", None, "they", False),
        ("Jose Ruiz", "José Ruiz", "he", True),
    ],
)
def test_whether_a_source_is_led_back_rightly(resolved: str, name: str | None, words: str, right: bool) -> None:
    described = Described("named", resolved, resolved.lower())
    assert source_labels._is_right(described, Judged("n", name, True), words) is right


def test_what_parts_them_is_learned() -> None:
    said, talk, rest = np.array([5, 9]), np.array([7, 9]), np.arange(40)
    found = Examples()
    for number in rest:
        found.rows.append(said if number % 2 else talk)
        found.levels.append([32 if number % 2 else -32] * 5)
        found.is_source.append(bool(number % 2))
        found.asked_whole.append(True)
    model = Certainty(**source_labels.fit_certainty(found, rest))
    sums = np.array([[model.table[rows].sum(), *levels] for rows, levels in zip(found.rows, found.levels, strict=True)])
    assert [chance >= CLEAR for chance in model.of_sums(sums)] == found.is_source


def test_without_judged_articles_kinds_are_those_by_rule(reader: Reader) -> None:
    sure, kinds = source_labels.unlearned()
    text = reader.read(normalise("Critics of the new National Bridge Agency"))
    weights = SourceKinds(**kinds, masks=source_kinds.list_masks(reader.lexicon))
    described = [Described(kind, None, kind) for kind in KINDS]
    named = weights.named(text, [(first, 7) for first in range(len(KINDS))], described)
    assert list(named.values()) == described
    chances = Certainty(**sure).of_sums(np.array([[0, 5, 5, 5, 5, 5]]))
    assert chances == pytest.approx([source_labels.PRECISION])


@pytest.mark.slow
@pytest.mark.shared
def test_held_out_figures(shared_data: Path) -> None:
    figures = source_labels.evaluate(Corpora(shared_data), find())
    assert figures["attributions_n"] > 6_000
    assert figures["clear_precision"] >= figures["found_precision"] + 0.1
    assert figures["kind_accuracy"] >= figures["kind_accuracy_by_rule"] + 0.04
    assert figures["certainty_error"] <= 0.03
