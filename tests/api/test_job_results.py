"""The rows of a scored batch as the page shows them."""

from __future__ import annotations

import pytest

from api.job_results import Row, arranged, summary


def test_rows_are_arranged_and_counted() -> None:
    every = [
        Row("a", 0.2, 0.1, 0.3, "reliable", "x.example", None),
        Row("b", None, None, None, "insufficient_evidence", "x.example", "too_short"),
        Row("c", 0.9, 0.8, 1.0, "unreliable", "y.example", None),
        Row(None, None, None, None, "error", None, "line 4: no"),
    ]
    assert [row.id for row in arranged(every, "riskiest", None)] == ["c", "a", "b", None]
    assert [row.id for row in arranged(every, "safest", "reliable")] == ["a"]
    told = summary(every)
    assert told.errors == 1
    assert [(domain, count) for domain, count, _ in told.sources] == [("x.example", 2), ("y.example", 1)]
    low, typical, high = sorted(told.sources[0][2] or ())
    assert low < typical < high
    assert (told.sources[0][2] or ())[0] == pytest.approx(0.2)
    assert sum(count for _, count in told.histogram) == 2
    assert told.histogram[9][1] == 1
