"""How risk is compared with labels of hyperpartisan text."""

from __future__ import annotations

import numpy as np
import pytest

from training.hyperpartisan import against_labels


def test_hyperpartisan_text_is_compared_by_rank() -> None:
    rows = [{"label": str(number % 2 == 0)} for number in range(20)]
    risk = np.array([0.9 if number % 2 == 0 else 0.1 for number in range(20)])
    assert against_labels(rows, risk)["auc"] == 1
    assert against_labels(rows, 1 - risk)["rank_correlation"] == pytest.approx(-1)
    assert against_labels(rows, np.where(risk > 0.5, np.nan, risk))["articles"] == 10
