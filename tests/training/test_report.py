"""The experiment report on invented articles of two tiers, and what it is made of."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import json
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

import training.parallel
import training.probe
from scorer.abstention import PROFILE
from scorer.store import find
from training import cache, text_model
from training.articles import Measured, pair_offset
from training.corpora import UNRATED, Corpora
from training.evaluate import Judged, Prepared, count_words, figures
from training.lexicon import load_reader
from training.probe import guessed, probe
from training.report import report_on
from training.term_ratings import rated_terms
from training.views import auc, corpora_apart, dates_apart, learning_curves

SOURCES = 30
ARTICLES = 6


def row(source: int, number: int) -> dict[str, Any]:
    """Sources take turns by tier; each has a word of its own, each tier a few."""
    low = source % 2 == 1
    random = np.random.default_rng(source * 100 + number)
    words = [f"{'rumour' if low else 'report'}{random.integers(4)}" for _ in range(20)] + [f"house{source}"] * 3
    return {
        "id": f"{source}-{number}", "source": f"{source}.example", "corpus": ("allsides", "recovery")[source % 4 // 2],
        "tier": "low" if low else "high", "pc1": 0.2 if low else 0.9, "lean": ("left", "right")[source % 3 == 0],
        "genre": "news", "date": f"20{10 + number}-01-01", "title": "", "text": " ".join(words), "url": None,
    }  # fmt: skip


def measured(rows: list[dict[str, Any]]) -> Measured:
    random = np.random.default_rng(0)
    words = sorted({word for one in rows for word in one["text"].split()})
    counts = np.array([[float(one["text"].split().count(word)) for word in words] for one in rows])
    profiles = {name: np.clip(random.normal(0.5, 0.05, len(rows)), 0, 1) for name in PROFILE}
    profiles["words"] = np.full(len(rows), 500.0)
    profiles["capital_share"] = np.full(len(rows), 0.02)
    features = random.normal(size=(len(rows), 1))
    matrix = sp.csr_matrix(counts.astype(np.float32))
    names = [("attribution", "attributed_share")]
    ratings = sp.csr_matrix((len(words), 1), dtype=np.float32)
    return Measured(rows, matrix, matrix, names, features, profiles, len(words), ratings)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> Prepared:
    # few sources: a word need not be known to many of them; in this process, where that is known
    monkeypatch.setattr(text_model, "idf_of", functools.partial(text_model.idf_of, min_sources=1))
    monkeypatch.setattr(training.probe, "idf_of", text_model.idf_of)
    monkeypatch.setattr(training.parallel, "_processes", ContextVar("processes", default=1))
    rows = [row(source, number) for source in range(SOURCES) for number in range(ARTICLES)]
    whole = measured(rows)
    cross = [{**one, "corpus": "claims", "label": {"low": "fake", "high": "real"}[one["tier"]]} for one in rows]
    return Prepared(
        whole, whole, dataclasses.replace(whole, rows=[{**one, "text": one["text"] * 2} for one in cross]), 1
    )


def test_an_auc_holds_its_interval_and_needs_sources() -> None:
    rows = [row(source, 0) for source in range(20)]
    risk = np.array([0.3 + 0.2 * (source % 2) + 0.01 * source for source in range(20)])
    found = auc(rows, risk)
    assert found.low <= found.value <= found.high
    assert 0.9 < found.value <= 1
    assert np.isnan(auc(rows[:6], risk[:6]).value)


def test_an_abstention_counts_as_the_base_rate() -> None:
    rows = [row(source, 0) for source in range(20)]
    assert auc(rows, np.full(20, np.nan)).value == 0.5


def test_outlets_with_a_word_of_their_own_are_guessed_and_others_are_not() -> None:
    labels = np.array([f"{number % 5}.example" for number in range(60)])
    held = np.arange(60) >= 30
    own = sp.csr_matrix(np.eye(5)[np.arange(60) % 5])
    assert guessed(own, labels, held) == 1.0
    assert guessed(sp.csr_matrix(np.ones((60, 1))), labels, held) <= 0.2 + 1e-9


@pytest.mark.slow
def test_the_probe_reads_words_and_features(prepared: Prepared) -> None:
    without = [{**one, "text": " ".join(one["text"].split()[:20])} for one in prepared.clean.rows]
    found = probe(dataclasses.replace(prepared, clean=measured(without)))
    assert found.accuracy["words as they came"] > 0.9
    assert found.accuracy["words, cleaned"] < 0.5
    assert found.accuracy["model features, cleaned and masked"] < 0.5
    assert found.learned == 2 * found.judged


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*")
def test_views_learn_from_less_than_they_judge_apart_from(prepared: Prepared) -> None:
    plain = count_words(prepared)
    cut, dates = dates_apart(prepared, plain)
    assert cut == "2013-01-01"
    assert [view.name for view in dates] == ["from 2013-01-01 on", "before 2013-01-01"]
    assert all(view.credence.value > 0.9 for view in dates)
    assert [view.name for view in corpora_apart(prepared, plain)] == ["judged on allsides", "judged on recovery"]
    by_source, by_article = learning_curves(prepared, plain)
    assert by_source[0].learned_sources < by_source[1].learned_sources < by_source[2].learned_sources
    assert by_article[0].learned < by_article[-1].learned


@pytest.mark.slow
def test_one_call_writes_the_report_and_its_plots(prepared: Prepared, tmp_path: Path) -> None:
    text = report_on(prepared, tmp_path, seeds=1, say=lambda line: None).read_text(encoding="utf-8")
    for heading in ("Grouped folds", "Dates apart", "Corpora apart", "Learning curves", "Ablations", "Plots", "outlet"):
        assert heading in text
    for name in ("calibration", "roc", "lean", "sources", "articles"):
        assert f"({name}.svg)" in text
        assert (tmp_path / f"{name}.svg").stat().st_size > 1_000


def test_what_was_measured_comes_back_from_the_cache(prepared: Prepared, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with gzip.open(data / "articles.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in [row(99, 0), *prepared.plain.rows])
    cache.save(tmp_path / "kept", prepared, Corpora(data))
    again = cache.load(tmp_path / "kept", Corpora(data), find())
    assert list(again.plain.rows) == list(prepared.plain.rows)
    assert (again.clean.counts != prepared.clean.counts).nnz == 0
    assert np.array_equal(again.plain.features, prepared.plain.features)
    assert again.clean.names == prepared.clean.names
    assert again.first_ending == 1
    lexicon = load_reader(find()).lexicon
    assert (again.clean.ratings != rated_terms(lexicon, pair_offset(len(lexicon)))).nnz == 0


def test_the_share_abstained_is_of_articles_alone(prepared: Prepared) -> None:
    others = [{**one, "stratum": UNRATED, "tier": None, "pc1": None} for one in prepared.plain.rows[:10]]
    plain = dataclasses.replace(prepared.plain, rows=[*others, *prepared.plain.rows[10:]])
    risk = np.random.default_rng(0).random(len(plain))
    risk[:10] = np.nan
    mixed = dataclasses.replace(prepared, plain=plain)
    judged = Judged(risk, np.full(len(prepared.cross), 0.5))
    assert figures(mixed, judged)["credence"]["abstained"] == 0
    assert len(mixed.of_articles) == len(plain) - 10


def test_the_cache_is_keyed_by_data_and_parts(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text("{}\n", encoding="utf-8")
    model = tmp_path / "model"
    model.mkdir()
    (model / "style.json").write_text("1", encoding="utf-8")
    first = cache.key_of(Corpora(tmp_path), model)
    (model / "verdict.json").write_text("1", encoding="utf-8")
    assert cache.key_of(Corpora(tmp_path), model) == first, "no measure reads the verdict"
    (model / "style.json").write_text("2", encoding="utf-8")
    assert cache.key_of(Corpora(tmp_path), model) != first
