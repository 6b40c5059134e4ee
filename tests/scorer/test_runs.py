"""Which runs of tokens are most likely right, given the chances of single tokens."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import runs
from scorer.runs import Candidates, candidates, choose


def found(begin: list[float], inside: list[float], stop: int | None = None) -> Candidates:
    """Candidates in one sentence of tokens that are four characters and a blank each."""
    n = len(begin)
    edges = np.arange(n)[:, None] * 5 + np.array([0, 4])
    end = np.full(n, n if stop is None else stop)
    return candidates(np.array(begin, np.float32), np.array(inside, np.float32), edges, end)


def chances(of: Candidates) -> dict[tuple[int, int], float]:
    return {
        (first, last): round(chance, 3)
        for first, last, chance in zip(of.first.tolist(), of.last.tolist(), of.chance.tolist(), strict=True)
    }


def test_a_run_begins_and_may_go_on() -> None:
    assert chances(found([0.8, 0, 0], [0, 0.4, 0.1])) == {(0, 1): 0.4, (0, 2): 0.3, (0, 3): 0.1}


def test_a_run_ends_with_its_sentence() -> None:
    assert chances(found([0.8, 0, 0], [0, 0.4, 0.1], stop=2)) == {(0, 1): 0.4, (0, 2): 0.4}


def test_the_run_that_matches_most_is_chosen_not_the_likeliest() -> None:
    """Two tokens or four, and less often three: three match either."""
    of = found([1, 0, 0, 0], [0, 1, 0.65, 0.35])
    assert chances(of) == {(0, 2): 0.35, (0, 3): 0.3, (0, 4): 0.35}
    chosen = choose(of, 0.4)
    assert [(int(of.first[i]), int(of.last[i])) for i in chosen] == [(0, 3)]
    assert round(float(of.matches[chosen[0]]), 3) == 1


def test_nothing_is_chosen_under_its_cost() -> None:
    of = found([0.3, 0], [0, 0])
    assert len(choose(of, 0.5)) == 0
    assert len(choose(of, 0.2)) == 1


def test_no_tokens_no_runs() -> None:
    of = found([0.0, 0.0], [0, 0])
    assert len(of.first) == 0
    assert len(choose(of, 0.1)) == 0


Chances = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=90)


@settings(max_examples=150, deadline=None)
@given(Chances, st.floats(0, 1))
def test_for_any_chances(pairs: list[tuple[float, float]], cost: float) -> None:
    """Matches are the summed chances of what overlaps by half of both; what is chosen does not overlap."""
    of = found([a for a, _ in pairs], [min(b, 1 - a) for a, b in pairs])
    for low, high in zip(of.groups[:-1].tolist(), of.groups[1:].tolist(), strict=True):
        assert high - low <= runs.MAX_GROUP
        for i in range(low, high):
            expected = sum(of.chance[j] for j in range(low, high) if alike(of, i, j))
            assert abs(expected - of.matches[i]) < 1e-3
    last = 0
    for i in choose(of, cost).tolist():
        if of.first[i] < last:
            # only where a chain of overlaps was too long to be weighed in one
            assert i in of.groups or last > of.first[i]
        last = max(last, int(of.last[i]))


def alike(of: Candidates, i: int, j: int) -> bool:
    ends = [(int(of.first[k]) * 5, int(of.last[k]) * 5 - 1) for k in (i, j)]
    shared = min(b for _, b in ends) - max(a for a, _ in ends)
    return 2 * shared >= max(b for _, b in ends) - min(a for a, _ in ends)
