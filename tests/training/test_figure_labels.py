"""The labelled figures of articles: ids and positions that still lead to numbers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from scorer.quantities import Finder
from scorer.store import find
from training import claims, quantities
from training.corpora import Corpora
from training.figures import ARTICLE_LABELS, labelled_in_articles
from training.lexicon import load_reader

LABELS = {"claim", "sourced", "unconfirmed", "sourced unconfirmed", "other"}
AT_RANDOM = slice(867, 867 + 217)
"""The part that was drawn without looking for anything, as "origin" in the file says."""

TABLE = json.loads(ARTICLE_LABELS.read_text(encoding="utf-8"))
READ: list[tuple[str, int, int, str]] = [tuple(item) for item in TABLE["items"]]
ITEMS = READ + [tuple(item) for item in TABLE["machine"]]


def test_each_label_is_one_of_five_and_stands_on_a_short_span_of_its_own() -> None:
    assert {label for *_, label in ITEMS} == LABELS
    assert all(0 <= start < end <= start + 80 for _, start, end, _ in ITEMS)
    assert len({(article, start) for article, start, *_ in ITEMS}) == len(ITEMS)
    assert (len(READ), len(ITEMS)) == (3_006, 35_981)


def test_no_article_gives_many() -> None:
    assert max(Counter(article for article, *_ in READ).values()) <= 3
    assert max(Counter(article for article, *_ in ITEMS).values()) <= 16


def test_base_rates_are_those_of_the_random_part() -> None:
    counts = Counter(label for *_, label in READ[AT_RANDOM])
    assert counts == {"other": 122, "claim": 53, "sourced": 32, "sourced unconfirmed": 9, "unconfirmed": 1}


@pytest.mark.shared
def test_every_label_leads_to_a_number_that_is_a_candidate(shared_data: Path) -> None:
    # given the articles, which the repository does not hold
    corpora = Corpora(shared_data)
    reader = load_reader(find())
    rows = labelled_in_articles(corpora)
    # then none of them is missing, and the finder sees each labelled number in its window
    assert len(rows) == len(ITEMS)
    _, _, which = claims.labelled(rows, reader, Finder(*quantities.letters(reader.lexicon)))
    unseen = sum(which < 0)
    assert unseen <= 0.01 * len(rows), unseen


@pytest.mark.shared
def test_labelled_articles_are_not_those_it_is_measured_on(shared_data: Path) -> None:
    corpora = Corpora(shared_data)
    measured = {row["doc"] for row in corpora.rows("figures")}
    added = {article.removeprefix("abp-").removeprefix("rec-") for article, *_ in ITEMS[AT_RANDOM.start :]}
    assert not measured & added
