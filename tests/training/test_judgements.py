"""What judgements of single articles do to what is learned: their share in a target, and nothing to the dealing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training import judgements
from training.articles import source_of
from training.corpora import Corpora
from training.weights import JUDGED_SHARE, deal, outlet_targets, soft_targets, source_weights


def article(number: int, **about: Any) -> dict[str, Any]:
    known = {"id": f"a{number}", "corpus": "allsides", "source": f"s{number % 40}.example", "pc1": None, "lean": None}
    return known | {"tier": ("low", "high")[number % 2], "genre": "news", "title": "", "text": "A text."} | about


def unrated(number: int) -> dict[str, Any]:
    about = {"corpus": "hyperpartisan", "source": f"hyperpartisan {number % 5}", "stratum": judgements.UNRATED}
    return article(number, **about, tier=None, genre=None, judged=0.5)


def test_a_judgement_is_half_of_a_target_and_all_of_it_where_nobody_rated_the_outlet() -> None:
    rows = [article(0), article(1), article(0, judged=0.2), article(1, judged=0.9), unrated(0), article(0, tier=None)]
    outlet = outlet_targets(rows)
    assert outlet[:4].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert np.isnan(outlet[4:]).all()
    targets = soft_targets(rows)
    assert targets[:2].tolist() == [1.0, 0.0]
    assert targets[2] == pytest.approx(JUDGED_SHARE * 0.2 + 1 - JUDGED_SHARE)
    assert targets[3] == pytest.approx(JUDGED_SHARE * 0.9)
    assert targets[4] == 0.5
    assert np.isnan(targets[5])


def test_articles_of_unrated_outlets_move_neither_the_folds_nor_the_balance_of_the_others() -> None:
    rated = [article(number) for number in range(200)]
    both = [unrated(number) for number in range(30)] + rated
    assert deal(both, 5)[30:].tolist() == deal(rated, 5).tolist()
    assert set(deal(both, 5)[:30].tolist()) == set(range(5))
    np.testing.assert_allclose(source_weights(both)[30:], source_weights(rated))
    assert (source_weights(both)[:30] == 1).all()


def test_a_judged_risk_becomes_a_probability_that_rises_with_it(tmp_path: Path) -> None:
    judgement = next(iter(judgements._judgements()["articles"]))
    rows = judgements.judged([article(0), article(1, id=judgement)])
    assert "judged" not in rows[0]
    assert 0 < rows[1]["judged"] < 1
    chances = [judgements._probability(risk) for risk in range(100)]
    assert chances == sorted(chances)
    assert chances[30] == 0.5


def test_others_are_rows_like_articles_and_none_without_a_judgement(tmp_path: Path) -> None:
    known = list(judgements._judgements()["hyperpartisan"])[:40]
    with gzip.open(tmp_path / "hyperpartisan.jsonl.gz", "wt", encoding="utf-8") as out:
        for identifier in [*known, "unheard-of"]:
            out.write(json.dumps({"id": identifier, "title": "", "text": "A text.", "label": True}) + "\n")
    rows = judgements.others(Corpora(tmp_path))
    assert [row["id"] for row in rows] == [f"hyperpartisan/{identifier}" for identifier in known]
    assert len({source_of(row) for row in rows}) <= 2
    assert not any(judgements.is_rated(row) for row in rows)
    assert all(row["tier"] is None and "label" not in row for row in rows)


def test_the_table_holds_risks_of_0_to_99() -> None:
    table = json.loads(judgements.JUDGEMENTS.read_text(encoding="utf-8"))
    assert {name: len(risks) for name, risks in table["risk"].items()} == {
        "articles": 7_963,
        "hyperpartisan": 1_140,
        "propaganda": 300,
        "relatedness_bodies": 410,
    }
    assert all(type(risk) is int and 0 <= risk <= 99 for risks in table["risk"].values() for risk in risks.values())


@pytest.mark.shared
def test_every_judgement_is_of_an_article_there_is(shared_data: Path) -> None:
    corpora = Corpora(shared_data)
    table = json.loads(judgements.JUDGEMENTS.read_text(encoding="utf-8"))["risk"]
    assert sum("judged" in row for row in judgements.judged(corpora.articles)) == len(table["articles"])
    assert len(judgements.others(corpora)) == sum(len(table[name]) for name in judgements.OTHERS)
