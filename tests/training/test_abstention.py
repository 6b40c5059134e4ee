"""What must not be judged is told from news, and being less sure means being wrong more often."""

from __future__ import annotations

import numpy as np
import pytest

from scorer import Scorer
from training import abstention


def test_the_labelled_texts_are_many_and_of_many_kinds() -> None:
    texts = abstention.labelled_texts()
    assert len(texts) >= 100
    assert len({text["id"] for text in texts}) == len(texts)
    assert {"language", "error_page", "section_front", "poem", "recipe", "code", "minutes", "login_wall"} <= {
        text["kind"] for text in texts
    }


def test_most_of_them_are_not_judged(scorer: Scorer) -> None:
    meta = scorer.model.part("verdict").meta["abstention"]
    found = abstention.evaluate(scorer.model.folder, meta, np.array([False] * 98 + [True] * 2))
    assert found["recall"] >= 0.8
    assert found["precision"] == pytest.approx(found["recall"] / (found["recall"] + 0.02))
    assert found["kinds"]["language"][0] == found["kinds"]["language"][1]


def test_the_surest_half_errs_less() -> None:
    # given risks that are right as often as they say
    random = np.random.default_rng(0)
    risk = random.random(4_000)
    low = random.random(4_000) < risk
    rows = [{"tier": "low" if is_low else "high", "corpus": "allsides", "pc1": None} for is_low in low]
    whole, *_, surest = abstention.risk_coverage(rows, risk)
    assert whole["coverage"] == 1.0
    assert surest["error"] < whole["error"]
    assert surest["auc"] > whole["auc"]
