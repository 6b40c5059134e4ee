"""Lists of ratings as their publishers write them: each value at its place, each refusal with its reason."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from scorer.article import InvalidInput
from scorer.rating_files import Refusals, read_ratings
from scorer.ratings import Rating, RefusedError, ratings_of


@pytest.mark.parametrize(
    ("row", "rater", "value"),
    [
        ({"domain": "www.a.example", "pc1": 0.71}, "Lin et al. 2023", 0.71),
        ({"domain": "a.example", "factuality": "MIXED"}, "Media Bias/Fact Check", 0.54),
        ({"domain": "a.example", "factuality": "satire"}, "Media Bias/Fact Check", None),
        ({"Source": "a.example", "Score": "87.5", "Corrects errors": "Yes"}, "NewsGuard", 0.875),
        ({"url": "https://www.a.example/about", "JTI": "certified"}, "Journalism Trust Initiative", None),
        ({"domain": "a.example", "value": "30", "scale": "0-100", "rater": "Desk"}, "Desk", 0.3),
    ],
)
def test_a_row_of_a_known_list_is_read(row: dict[str, Any], rater: str, value: float | None) -> None:
    (rating,) = ratings_of(row, {})
    assert (rating.domain, rating.rater, rating.normalised) == ("a.example", rater, value)


def test_a_row_may_hold_several_ratings_and_criteria_and_a_name() -> None:
    row = {
        "domain": "a.example",
        "pc1": "0.5",
        "score": "90",
        "name": "The A",
        "criteria": "8 of 9",
        "date": "2026-01-02",
    }
    first, second = ratings_of(row, {"licence": "CC0"})
    assert (first.details, second.details) == (None, {"criteria": "8 of 9"})
    assert (second.names, second.date, second.licence) == (("The A",), "2026-01-02", "CC0")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"pc1": 0.5}, "holds a domain"),
        ({"domain": "not a domain", "pc1": 0.5}, "holds a domain"),
        ({"domain": "a.example"}, "no rating in this row"),
        ({"domain": "a.example", "pc1": 1.2}, "'1.2' is no number from 0 to 1"),
        ({"domain": "a.example", "pc1": "nan"}, "'nan' is no number"),
        ({"domain": "a.example", "score": "high"}, "from 0 to 100"),
        ({"domain": "a.example", "factuality": "splendid"}, "no factuality word"),
        ({"domain": "a.example", "certified": "perhaps"}, "neither yes nor no"),
        ({"domain": "a.example", "value": "0.5"}, "needs a 'rater'"),
        ({"domain": "a.example", "value": "5", "scale": "stars", "rater": "x"}, "scale 'stars' is none of"),
        ({"domain": "a.example", "pc1": 0.5, "date": "3.11.2026"}, "not of the form"),
        ({"domain": "a.example", "value": "0" * 201, "rater": "x"}, "MAX_VALUE_CHARACTERS"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_the_reason(row: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        ratings_of(row, {})


def read(path: Path, **defaults: str) -> tuple[list[Rating], Refusals]:
    refusals = Refusals()
    return list(read_ratings(path, defaults, refusals)), refusals


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv", "\ufeffdomain,pc1\na.example,0.5\nb.example,7\n"),
        ("r.tsv", "domain\tpc1\na.example\t0.5\nb.example\t7\n"),
        ("r.jsonl", '{"domain": "a.example", "pc1": 0.5}\n{"domain": "b.example", "pc1": 7}\n'),
    ],
)
def test_a_file_gives_what_can_be_read_and_the_lines_that_cannot(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with gzip.open(tmp_path / f"{name}.gz", "wt", encoding="utf-8") as packed:
        packed.write(content)
    for path in (tmp_path / name, tmp_path / f"{name}.gz"):
        found, refusals = read(path)
        assert [rating.domain for rating in found] == ["a.example"]
        assert [reason for _, reason in refusals.lines] == ["'7' is no number from 0 to 1"]


def test_a_row_that_contradicts_an_earlier_one_is_refused_and_a_repeated_one_ignored(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("domain,pc1\na.example,0.5\nwww.a.example,0.5\nold.a.example,0.6\n")
    found, refusals = read(path)
    assert len(found) == 1
    assert refusals.lines == [(4, "an earlier row rates the same source otherwise")]


def test_trust_txt_tells_members_of_an_association_and_what_a_publisher_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "trust.txt"
    path.write_text("# comment\nmember=https://www.a.example/\nbelongto=https://guild.example\ncontact=x\nmember=?\n")
    found, refusals = read(path, domain="union.example")
    assert [(rating.domain, rating.rater, rating.value, rating.normalised) for rating in found] == [
        ("a.example", "union.example", "member", None),
        ("union.example", "guild.example", "says it is a member", None),
    ]
    assert refusals.lines == [(5, "'?' is no address")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("r.xlsx", b"", "is none of .csv"),
        ("r.csv", b"", "is empty"),
        ("r.csv", b"domain,pc1\ncaf\xe9.example,0.5\n", "not UTF-8"),
        ("r.csv.gz", b"domain", "cannot read"),
        ("trust.txt", b"member=a.example\n", "--domain"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=told):
        read(tmp_path / name)
