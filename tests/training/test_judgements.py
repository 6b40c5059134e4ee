"""What judgements of single articles do to what is learned: their share in a target, and nothing to the dealing."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training import judgements
from training.corpora import UNRATED, Corpora, is_of_articles, source_of
from training.weights import JUDGED_SHARE, deal, outlet_targets, soft_targets, source_weights


def article(number: int, **about: Any) -> dict[str, Any]:
    known = {"id": f"a{number}", "corpus": "allsides", "source": f"s{number % 40}.example", "pc1": None, "lean": None}
    return known | {"tier": ("low", "high")[number % 2], "genre": "news", "title": "", "text": "A text."} | about


def unrated(number: int) -> dict[str, Any]:
    about = {"corpus": "hyperpartisan", "source": f"hyperpartisan {number % 5}", "stratum": UNRATED}
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


def test_a_judged_risk_becomes_a_probability_that_rises_with_it() -> None:
    chances = [judgements.chance_of(risk, 1) for risk in range(100)]
    assert chances == sorted(chances)
    assert chances[int(judgements.MIDDLE + judgements.PARTISAN)] == 0.5


def test_what_argues_for_a_camp_is_no_unreliability() -> None:
    chances = [judgements.chance_of(50, partisan) for partisan in range(4)]
    assert chances == sorted(chances, reverse=True)
    assert chances[3] == judgements.chance_of(round(50 - 3 * judgements.PARTISAN), 0)


TEXTS = {f"h-{number}": f"Article {number}." for number in range(40)}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judgements of our own texts, in place of the shipped ones."""
    known = {name: (60, 1, zlib.crc32(text.encode())) for name, text in TEXTS.items()}
    monkeypatch.setattr(judgements, "_judgements", lambda: dict.fromkeys(("articles", *judgements.OTHERS), known))


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.mark.usefixtures("table")
def test_a_judgement_is_of_the_very_text_and_not_of_an_id() -> None:
    given = [
        article(0, id="h-1", text="Article 1."),
        article(1, id="h-1", text="Another."),
        article(2, text="Article 1."),
    ]
    assert ["judged" in row for row in judgements.judged(given)] == [True, False, False]


@pytest.mark.usefixtures("table")
def test_no_judgement_stands_alone_among_articles_nor_beside_satire() -> None:
    own = {"id": "h-1", "text": "Article 1."}
    given = [article(0, **own), article(0, **own, tier=None), article(0, **own, genre="satire")]
    assert ["judged" in row for row in judgements.judged(given)] == [True, False, False]


@pytest.mark.usefixtures("table")
def test_others_are_rows_like_articles_and_none_without_a_judgement(tmp_path: Path) -> None:
    own = [{"id": name, "title": "", "text": text, "label": True} for name, text in TEXTS.items()]
    write(tmp_path, "hyperpartisan", [*own, {"id": "unheard-of", "text": "A."}, {"text": "No id.", "label": 1}])
    rows = judgements.others(Corpora(tmp_path))
    assert [row["id"] for row in rows] == [f"hyperpartisan/{name}" for name in TEXTS]
    assert len({source_of(row) for row in rows}) == 2
    assert not any(is_of_articles(row) for row in rows)
    assert all(row["tier"] is None and "label" not in row for row in rows)
    assert judgements.others(Corpora(tmp_path, frozenset({"hyperpartisan"}))) == []


def test_the_table_holds_risks_of_0_to_99_and_partisanship_of_0_to_3() -> None:
    table = json.loads(judgements.JUDGEMENTS.read_text(encoding="utf-8"))["judged"]
    assert {name: len(judged) for name, judged in table.items()} == {
        "articles": 7_963,
        "hyperpartisan": 1_140,
        "propaganda": 300,
        "relatedness_bodies": 410,
    }
    said = [known for judged in table.values() for known in judged.values()]
    assert all(0 <= risk <= 99 and 0 <= partisan <= 3 for risk, partisan, _ in said)


@pytest.mark.shared
def test_every_judgement_is_of_an_article_there_is(shared_data: Path) -> None:
    corpora = Corpora(shared_data)
    table = json.loads(judgements.JUDGEMENTS.read_text(encoding="utf-8"))["judged"]
    # 99 are of no tier or of satire
    assert sum("judged" in row for row in judgements.judged(corpora.articles)) == len(table["articles"]) - 99
    assert len(judgements.others(corpora)) == sum(len(table[name]) for name in judgements.OTHERS)
