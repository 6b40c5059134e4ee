"""What the text model is given to learn from, and which rows the hyperpartisan figure is of."""

from __future__ import annotations

import json
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

import training.parallel
from scorer.store import digest, find
from training import camps, evaluate, gate, hyperpartisan, judgements, source_labels, term_ratings, verdict
from training.articles import Measured
from training.corpora import UNRATED, Corpora


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.parallel, "_processes", ContextVar("processes", default=1))


def article(number: int, **about: Any) -> dict[str, Any]:
    known = {"id": f"a{number}", "corpus": "allsides", "source": f"s{number}.example", "pc1": None, "lean": "left"}
    return known | {"tier": ("low", "high")[number % 2], "title": "", "text": f"Article {number}."} | about


def unrated(number: int) -> dict[str, Any]:
    about = {"corpus": "hyperpartisan", "source": f"hyperpartisan {number % 3}", "stratum": UNRATED, "judged": 0.4}
    return article(number, **about, id=f"hyperpartisan/h-{number}", tier=None, lean=None)


def test_unnamed_outlets_are_one_house_and_a_camp_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [article(number) for number in range(20)] + [unrated(number) for number in range(20, 30)]
    counts = sp.csr_matrix(np.ones((len(rows), 1), dtype=np.float32))
    ratings = sp.csr_matrix((1, 2), dtype=np.float32)
    measured = Measured(rows, counts, counts, [], np.zeros((len(rows), 0)), {}, 1, ratings)
    given: list[tuple[Any, ...]] = []

    def fit_text(*lesson: Any) -> Any:
        given.append(lesson)
        return SimpleNamespace(logits=lambda counts: np.zeros(counts.shape[0]))

    monkeypatch.setattr(verdict, "fit_text", fit_text)
    verdict.cross_fit_text(measured)
    _, _, _, houses, camps, known = given[-1]  # the last is fitted on all
    assert set(houses) == {f"s{number}.example" for number in range(20)} | {"hyperpartisan"}
    assert set(camps) == {"left", UNRATED}
    assert known is ratings
    assert len(given) == verdict.INNER_FOLDS + 1


def test_copies_of_the_cross_check_are_not_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    (tmp_path / "crosscheck.jsonl").write_text(json.dumps({"id": "x", "text": text, "label": "fake"}) + "\n")
    (tmp_path / "lexicon.json").write_text(json.dumps({"words": ["", "~"]}))
    monkeypatch.setattr(evaluate, "measure", lambda rows, _: list(rows))
    monkeypatch.setattr(evaluate, "replace_rows", lambda measured, *_: measured)
    rows = [article(0, text=text), article(1)]
    prepared: Any = evaluate.prepare(Corpora(tmp_path), tmp_path, rows)
    assert [row["id"] for row in prepared.plain] == ["a1"]
    assert [row["id"] for row in prepared.cross] == ["x"]


def test_the_hyperpartisan_figure_is_of_no_copy_of_what_was_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": f"h-{number}", "title": "", "text": f"Article {number}.", "label": True} for number in range(3)]
    (tmp_path / "hyperpartisan.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    # the first was judged and learned from, the second is its copy, the third was not judged
    monkeypatch.setattr(hyperpartisan, "others", lambda _: [unrated(0), unrated(1)])
    monkeypatch.setattr(hyperpartisan, "measure", lambda rows, _: rows)
    monkeypatch.setattr(evaluate, "risks", lambda _, rows, __: np.full(len(rows), 0.9))
    prepared: Any = SimpleNamespace(plain=SimpleNamespace(rows=[article(5), unrated(0)]))
    judged: Any = SimpleNamespace(risk=np.array([0.1, 0.2]))
    told, risk = hyperpartisan.risks(Corpora(tmp_path), tmp_path, prepared, judged, None, {})  # type: ignore[arg-type]
    assert [row["id"] for row in told] == ["h-0", "h-2"]
    assert risk.tolist() == [0.2, 0.9]


def test_the_gate_measures_each_part_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parts = {name: SimpleNamespace(evaluate=lambda _, model, name=name: {name + model.name: 0.5}) for name in "abc"}
    monkeypatch.setattr(gate, "MODULES", parts)
    assert gate.measure(tmp_path, Path("m"), "b") == {"b": {"bm": 0.5}}
    judged = gate.judge(
        {"b": {"bm": 0.5}}, {"floors": {"b": {"bm": [">=", 0.4], "gone": ["<=", 1]}}, "against_baseline": {}}
    )
    assert [(name, holds) for name, _, _, holds in judged] == [("b.bm", True), ("b.gone", False)]


def test_the_shipped_model_learned_from_the_judgements_and_ratings_beside_it() -> None:
    told = json.loads((find() / "manifest.json").read_bytes())["data"]
    for path in (camps.CAMPS, judgements.JUDGEMENTS, term_ratings.RATINGS, source_labels.SOURCES):
        assert told[path.name] == digest(path)
