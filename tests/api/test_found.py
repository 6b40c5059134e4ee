"""The list of findings, in words."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from api.drawings import lanes
from api.findings_table import COLUMNS, table
from api.found import SWITCHES, findings
from api.letters import disguise

TEXT = "Losses reached 40 million. The v\u0430ccine worked.\n\nSinger Stuns"

SIGNALS: list[dict[str, Any]] = [
    {"name": "headline", "spans": [{"start": 4, "end": 8, "kind": "unsupported"}]},
    {
        "name": "figures",
        "spans": [
            {
                "start": 15, "end": 25, "kind": "figure", "sourced": False, "unconfirmed": True,
                "source": None, "hedge": None,
            },
            {"start": 0, "end": 6, "kind": "hedge", "class": "conditional"},
        ],
    },
    {"name": "obfuscation", "spans": [{"start": 31, "end": 38, "kind": "altered", "how": "look_alike"}]},
    {
        "name": "links",
        "teasers": [
            {"text": "Singer Stuns", "href": None, "related": 0.1, "bait": 0.9, "flagged": True},
            {"text": "Elsewhere", "href": None, "related": 0.9, "bait": 0.1, "flagged": False},
        ],
    },
]  # fmt: skip


def test_the_title_comes_first_and_what_has_no_place_last() -> None:
    found = findings(SIGNALS, TEXT, "The harbour")
    assert [one.kind for one in found] == ["unsupported", "hedge", "figure", "altered", "teaser", "teaser"]
    assert [one.quote for one in found] == ["harb", "Losses", "40 million", "v\u0430ccine", "Singer Stuns", "Elsewhere"]
    assert {one.switch for one in found} <= set(SWITCHES)
    assert found[1].why.endswith("if confirmed")
    assert found[2].badges == ("no source", "unconfirmed")


def test_without_the_text_places_are_told_and_no_words() -> None:
    for one in findings(SIGNALS[:3], None, None):
        assert one.quote is None
        assert one.start is not None
        assert one.why


def test_disguised_letters_are_named() -> None:
    why, badges = disguise("v\u0430ccine", "look_alike")
    assert "U+0430 Cyrillic small letter a" in why
    assert badges == ("reads vaccine",)
    assert disguise("c o u n c i l", "spaced")[1] == ("reads council",)
    assert "U+200B" in disguise("fire\u200bman", "invisible")[0]


def test_no_cell_is_a_formula() -> None:
    signal = {"name": "style", "spans": [{"start": 0, "end": 9, "kind": "loaded"}]}
    rows = list(csv.DictReader(io.StringIO(table(findings([signal], "=HYPERLINK(1)", None)))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["words"].startswith("'=")
    assert (rows[0]["start"], rows[0]["end"], rows[0]["in"]) == ("0", "9", "text")


SPAN = {
    "start": 0,
    "end": 20,
    "kind": "attribution",
    "source": [0, 2],
    "cue": [3, 8],
    "content": [[9, 20]],
    "resolved": None,
}


@pytest.mark.parametrize(
    ("told", "why", "status"),
    [
        ({}, "the source is a named person", ""),
        ({"standing": "counted", "confidence": 0.97}, "the source is a named person", ""),
        ({"standing": "unclear", "confidence": 0.2}, "a chance of 20\u00a0%", "not counted: unclear"),
        ({"standing": "unclear", "confidence": None}, "unclear, not counted", "not counted: unclear"),
        ({"standing": "writer", "confidence": None}, "the source is the writer", "not counted: writer"),
        ({"standing": "writer", "confidence": 0.9}, "whoever writes is no source", "not counted: writer"),
    ],
)
def test_what_does_not_count_is_told(told: dict[str, Any], why: str, status: str) -> None:
    span = {**SPAN, "source_kind": "named", **told}
    (found,) = findings([{"name": "attribution", "spans": [span]}], "We think that it is so.", None)
    assert why in found.why
    assert next(csv.DictReader(io.StringIO(table([found]))))["status"] == status
    assert found.is_counted is not bool(status)
    assert {part.style for part in found.parts} == ({"unclear"} if status else {"source", "cue", "content"})
    assert bool(lanes([found], 100)) is found.is_counted
