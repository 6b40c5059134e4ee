"""How scores move between two models, told so that a threshold can be carried over."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import Article, Scorer, store
from scorer.cli import main
from scorer.comparison import Comparison, Pair, carry_over, compare
from training.store import write_manifest

risks = st.floats(0, 1)


def pairs(old: list[float | None], new: list[float | None]) -> list[Pair]:
    def label(risk: float | None) -> str:
        return "insufficient_evidence" if risk is None else "unreliable" if risk > 0.5 else "reliable"

    return [Pair(str(n), f"Title {n}", o, w, label(o), label(w)) for n, (o, w) in enumerate(zip(old, new, strict=True))]


def test_the_same_scores_do_not_move() -> None:
    found = compare(pairs([0.1, 0.5, 0.9], [0.1, 0.5, 0.9]))
    assert found.rank_correlation == pytest.approx(1)
    assert found.histogram == [(0.0, 3)]
    assert found.moved == []


def test_turned_around_scores_correlate_negatively_and_the_largest_move_comes_first() -> None:
    found = compare(pairs([0.1, 0.5, 0.8], [0.9, 0.5, 0.2]))
    assert found.rank_correlation == pytest.approx(-1)
    assert [pair.id for pair in found.moved] == ["0", "2"]
    assert found.labels == {("reliable", "unreliable"): 1, ("reliable", "reliable"): 1, ("unreliable", "reliable"): 1}


def test_abstentions_count_among_labels_only() -> None:
    found = compare(pairs([0.1, None, 0.3], [0.2, 0.4, None]))
    assert (found.articles, found.both) == (3, 1)
    assert found.labels["insufficient_evidence", "reliable"] == 1
    assert math.isnan(found.rank_correlation)
    assert found.to_dict()["rank_correlation"] is None


def test_no_articles_are_no_error() -> None:
    assert compare([]) == Comparison(0, 0, pytest.approx(math.nan, nan_ok=True), 0.0, 0.0, [], {}, [], [])


def test_a_threshold_carried_over_flags_as_many() -> None:
    random = np.random.default_rng(0)
    old = random.random(2_000)
    new = old**2  # another scale, the same order
    found = compare(pairs(list(old), list(new)))
    carried = carry_over(found.mapping, 0.7)
    assert carried == pytest.approx(0.49, abs=0.02)
    assert abs(int((old >= 0.7).sum()) - int((new >= carried).sum())) <= 20


@given(st.lists(st.tuples(risks, risks), max_size=40))
def test_every_article_stands_in_one_bin_and_one_label(both: list[tuple[float, float]]) -> None:
    found = compare(pairs([o for o, _ in both], [n for _, n in both]))
    assert sum(count for _, count in found.histogram) == sum(found.labels.values()) == len(both)
    assert all(a[1] <= b[1] and a[2] <= b[2] for a, b in zip(found.mapping, found.mapping[1:], strict=False))


@pytest.fixture
def two_models(tmp_path: Path) -> tuple[Path, Path]:
    """The newest shipped model, and a copy whose text model counts half."""
    folder = store.find(None)
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    coefficients = np.load(other / "verdict.coefficients.npy")
    coefficients[:, -1] *= 0.5
    np.save(other / "verdict.coefficients.npy", coefficients)
    write_manifest(other, "other", base_rate=0.3)
    return folder, other


def test_the_command_compares_two_models_that_sit_side_by_side(
    two_models: tuple[Path, Path], golden: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = two_models
    text = (golden / "dam.txt").read_text(encoding="utf-8")
    rows = [{"id": "dam", "title": "The \x1b[31mdam", "text": text}, {"id": "half", "text": text[: len(text) // 2]}]
    articles = tmp_path / "in.jsonl"
    articles.write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert main(["model", "diff", str(old), str(new), str(articles), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["old"], found["new"], found["articles"]) == (old.name, "other", 2)
    told = {pair["id"]: pair for pair in found["moved"]}
    assert told["dam"]["old"] == Scorer(old).score(Article.from_mapping(rows[0]))["risk"]
    assert told["dam"]["new"] == Scorer(new).score(Article.from_mapping(rows[0]))["risk"]

    assert main(["model", "diff", str(old), str(new), str(articles)]) == 0
    report = capsys.readouterr().out
    assert f"{old.name} -> other: 2 articles" in report
    assert "\x1b" not in report
    assert "-> label" in report


def test_a_bad_record_and_an_unknown_model_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = tmp_path / "in.jsonl"
    articles.write_text('{"text": "Hello."}\n{"text": 7}\n')
    newest = store.versions()[-1]
    assert main(["model", "diff", newest, newest, str(articles)]) == 3
    assert "record 2: field 'text' must be a string" in capsys.readouterr().err
    assert main(["model", "diff", newest, "1999.01", str(articles)]) == 4


def test_the_versions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "list"]) == 0
    assert f"{store.versions()[-1]}\t" in capsys.readouterr().out
    assert main(["model", "list", "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["default"] is True
    assert last["base_rate"] == 0.3
