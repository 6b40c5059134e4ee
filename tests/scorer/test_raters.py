"""Agreement beyond chance: the textbooks' own examples, and what must hold for all verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.raters import alpha, kappa


def test_krippendorff_s_own_example() -> None:
    # Krippendorff (2011, Computing Krippendorff's Alpha-Reliability), section C: nominal data, several observers, gaps
    table = [
        [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, None, 3, None],
    ]  # fmt: skip
    found = alpha({str(unit): [value for value in values if value] for unit, values in enumerate(table)})
    assert found.value == pytest.approx(0.743, abs=0.0005)
    assert (found.articles, found.judgements) == (11, 40)


def test_a_textbook_kappa() -> None:
    # 50 applications, two readers: both yes 20, both no 15, yes/no 5, no/yes 10; kappa .40
    said = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    found = kappa({str(place): [pair] for place, pair in enumerate(said)})
    assert found.value == pytest.approx(0.4)
    assert found.same == pytest.approx(0.7)
    assert found.low is not None
    assert found.high is not None
    # Fleiss, Cohen and Everitt (1969): standard error .127, so 90 % within .40 +- .21
    assert found.low == pytest.approx(0.19, abs=0.02)
    assert found.high == pytest.approx(0.61, abs=0.02)


def test_verdicts_by_one_person_alone_compare_nothing() -> None:
    found = alpha({"a": ["mixed"], "b": ["satire"]})
    assert (found.value, found.same, found.articles) == (None, None, 0)


def test_where_all_say_the_same_chance_cannot_be_told_from_agreement() -> None:
    found = alpha({"a": ["mixed"] * 3, "b": ["mixed"] * 2})
    assert (found.value, found.same) == (None, 1.0)
    assert kappa({"a": [("mixed", "mixed")]}).value is None


def test_few_articles_give_no_interval() -> None:
    found = alpha({"a": ["mixed", "mixed"], "b": ["satire", "mixed"], "c": ["satire", "satire"]})
    assert found.value is not None
    assert found.low is None


words = st.sampled_from(["reliable", "mixed", "unreliable", "satire"])


@given(st.dictionaries(st.text(max_size=3), st.lists(words, max_size=5), max_size=15))
def test_agreement_stays_in_its_range_whoever_judged_first(verdicts: dict[str, list[str]]) -> None:
    found = alpha(verdicts)
    turned = alpha({article: given[::-1] for article, given in reversed(verdicts.items())})
    if found.value is None:
        assert turned.value is None
        return
    assert -1 <= found.value <= 1
    assert turned.value == pytest.approx(found.value)
    if found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1


@given(st.lists(st.tuples(words, words), min_size=1, max_size=40))
def test_kappa_knows_no_first_and_second(pairs: list[tuple[str, str]]) -> None:
    found = kappa({str(place): [pair] for place, pair in enumerate(pairs)})
    turned = kappa({str(place): [pair[::-1]] for place, pair in enumerate(pairs)})
    assert found.same == turned.same
    assert (found.value is None) == (turned.value is None)
    if found.value is not None and turned.value is not None:
        assert turned.value == pytest.approx(found.value)
        assert -1 <= found.value <= 1
