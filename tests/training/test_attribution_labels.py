"""Attributions judged one by one: what the file holds, and what the ties learn from it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training import attribution_labels
from training.attribution_labels import ASCRIBES, ATTRIBUTIONS, FOREIGN
from training.corpora import Corpora

KNOWN = json.loads(ATTRIBUTIONS.read_text(encoding="utf-8"))


def test_the_file_holds_places_and_letters_and_no_text() -> None:
    judged = KNOWN["judged"]
    assert len(judged) == 488
    assert sum(len(entries) for _, entries in judged.values()) == 6_616
    for checksum, entries in judged.values():
        assert isinstance(checksum, int)
        for source, source_end, cue, cue_end, letter, *pieces in entries:
            assert 0 <= source < source_end <= 4_500
            assert 0 <= cue < cue_end <= 4_500
            assert letter in (ASCRIBES, "s", "n")
            assert (len(pieces) > 0) is (letter == ASCRIBES)
            assert len(pieces) % 3 == 0
            assert set(pieces[2::3]) <= {"g", "p", FOREIGN}
    assert KNOWN["origin"]
    assert KNOWN["guide"]


@pytest.mark.shared
def test_places_are_those_of_words(shared_data: Path) -> None:
    rows = list(attribution_labels.judged(Corpora(shared_data)))
    assert len(rows) == len(KNOWN["judged"])
    for row, said in rows:
        for run, verdict in said.items():
            for start, end in (run, *verdict.pieces):
                words = row["text"][start:end]
                assert words
                assert words == words.strip()


def test_articles_that_changed_are_left_out(tmp_path: Path) -> None:
    identifier = next(iter(KNOWN["judged"]))
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"id": identifier, "text": "Another text. Ann Bly said so."}) + "\n")
    assert list(attribution_labels.judged(Corpora(tmp_path))) == []
