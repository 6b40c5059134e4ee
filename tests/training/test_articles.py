"""What is dropped before learning: copies, what is judged elsewhere, lines that mark a house."""

from __future__ import annotations

from typing import Any

from training.articles import without_copies, without_site_lines
from training.corpora import UNRATED

TEXTS = [" ".join(f"{word}{number}" for number in range(60)) for word in ("apple", "birch", "cedar", "daisy")]


def article(name: str, text: str, tier: str | None, **about: Any) -> dict[str, Any]:
    return {"id": name, "source": f"{name}.example", "corpus": "allsides", "tier": tier, "text": text} | about


def kept(rows: list[dict[str, Any]], apart: list[dict[str, Any]] | None = None) -> list[str]:
    return [row["id"] for row in without_copies(rows, apart or [])]


def test_a_later_copy_goes_and_both_where_the_tiers_differ() -> None:
    assert kept([article("a", TEXTS[0], "low"), article("b", TEXTS[0], "low")]) == ["a"]
    assert kept([article("a", TEXTS[0], "low"), article("b", TEXTS[0], "high"), article("c", TEXTS[1], None)]) == ["c"]


def test_a_copy_that_nobody_rated_takes_none_with_it() -> None:
    rated, unrated = article("a", TEXTS[0], "low"), article("b", TEXTS[0], None, stratum=UNRATED)
    assert kept([rated, unrated]) == kept([unrated, rated]) == ["a"]
    assert kept([unrated, article("c", TEXTS[0], None)]) == ["b"]


def test_what_is_kept_apart_is_not_learned_from_nor_returned() -> None:
    apart = [{"id": "x", "text": TEXTS[2] + " and a little more", "label": "fake"}]
    rows = [article("a", TEXTS[0], "low"), article("b", TEXTS[2], "high"), article("c", TEXTS[3], None)]
    assert kept(rows, apart) == ["a", "c"]


def test_lines_that_recur_in_a_house_are_dropped() -> None:
    pitch = "Subscribe to our newsletter."
    rows = [article("a", f"{text}\n{pitch}", "low", source="a.example") for text in TEXTS]
    rows.append(article("b", f"{TEXTS[0]}\n{pitch}", "low", source="b.example"))
    texts = [row["text"] for row in without_site_lines(rows)]
    assert texts[:4] == TEXTS
    assert pitch in texts[4]


def test_a_corpus_of_unnamed_outlets_is_one_house() -> None:
    pitch = "Read it all on our site."
    about = {"corpus": "propaganda", "stratum": UNRATED}
    rows = [article("p", f"{text}\n{pitch}", None, source=f"propaganda {n}", **about) for n, text in enumerate(TEXTS)]
    assert [row["text"] for row in without_site_lines(rows)] == TEXTS
