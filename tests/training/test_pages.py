"""Articles given as pages: their surroundings teach the weights of `links` and `transparency`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.store import Model, Part
from scorer.verdict import Verdict
from training.articles import Measured
from training.corpora import Corpora
from training.evaluate import MIN_PAGE_SOURCES, fitted_names

PAGE = (Path(__file__).parents[1] / "data" / "pages" / "article.html").read_text(encoding="utf-8")


def measured(rows: list[dict[str, Any]]) -> Measured:
    counts = sp.csr_matrix((len(rows), 1), dtype=np.float32)
    names = [("links", "ads"), ("transparency", "byline"), ("style", "loaded")]
    return Measured(rows, counts, counts, names, np.zeros((len(rows), 3)), {}, 1, sp.csr_matrix((1, 0)))


def test_a_row_given_as_a_page_has_the_pages_text_and_title(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "source": "example.org", "tier": "low", "html": PAGE},
        {"id": "2", "source": "example.net", "tier": "high", "text": "As given.", "title": "Given", "html": PAGE},
    ]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    first, second = Corpora(tmp_path).articles
    assert "corroded bearings" in first["text"]
    assert first["title"]
    assert (second["text"], second["title"]) == ("As given.", "Given")


@pytest.mark.parametrize(("pages", "fitted"), [(MIN_PAGE_SOURCES, True), (MIN_PAGE_SOURCES - 1, False)])
def test_weights_of_what_surrounds_an_article_are_fitted_where_both_tiers_have_pages(pages: int, fitted: bool) -> None:
    rows = [
        {"source": f"{tier}{i}.example", "tier": tier, "html": PAGE if tier == "high" or i < pages else ""}
        for tier in ("low", "high")
        for i in range(MIN_PAGE_SOURCES)
    ]
    names = fitted_names(measured(rows))
    assert (("links", "ads") in names) is fitted
    assert (("transparency", "byline") in names) is fitted
    assert ("style", "loaded") in names


class _Refitted:
    """The shipped model with a verdict that has a fitted weight for one more feature."""

    def __init__(self, model: Model, weight: float) -> None:
        self.model, self.weight = model, weight

    def part(self, name: str) -> Part:
        part = self.model.part(name)
        if name != "verdict":
            return part
        table = part.arrays["coefficients"]
        column = np.full((len(table), 1), self.weight)
        arrays = {
            "mean": np.append(part.arrays["mean"], 0.0),
            "scale": np.append(part.arrays["scale"], 1.0),
            "coefficients": np.hstack([table[:, :-1], column, table[:, -1:]]),
        }
        return replace(part, arrays=arrays, meta={**part.meta, "features": [*part.meta["features"], ["links", "ads"]]})


def test_a_fitted_weight_takes_the_place_of_the_prior_ones(scorer: Scorer) -> None:
    document = read_document(Article(html=PAGE), scorer.reader)
    signals = {}
    for name, measure in scorer.measures.items():
        signals[name] = measure(document, signals)
    model: Any = _Refitted(scorer.model, 0.25)
    found = {signal["name"]: signal for signal in Verdict(model).judge(document, signals)["signals"]}
    assert "prior" not in found["links"]
    assert found["links"]["contribution"] == pytest.approx(0.25 * signals["links"].features["ads"])
    assert found["transparency"]["prior"] is True
