"""One more attribution to somebody who is told speaks for an article, or not at all: by the features' own making."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.logodds import standardise
from scorer.mentions import KINDS
from scorer.sourcing import IDENTIFIED, Sourcing

EXPECTATIONS = Path(__file__).parents[2] / "training" / "expectations.json"
SIGNS = {
    name.removeprefix("attribution."): sign
    for name, (_, sign) in json.loads(EXPECTATIONS.read_text(encoding="utf-8"))["features"].items()
    if name.startswith("attribution.")
}
"""What the verdict weighs of this signal, and to which side."""

counts = st.integers(0, 40)


@st.composite
def articles(draw: st.DrawFn) -> Sourcing:
    """Counts that some text could have."""
    kinds = {kind: draw(counts) for kind in KINDS}
    sourceless = draw(st.integers(0, kinds["vague"]))
    sourced = sum(kinds.values()) - sourceless
    sentences = draw(st.integers(1, 80))
    return Sourcing(
        kinds=kinds,
        sourceless=sourceless,
        quoted=draw(st.integers(0, sourced)),
        sources=draw(st.integers(min(1, sourced), sourced)),
        attributed=draw(st.integers(min(1, sourced), min(sentences, 3 * sourced))),
        sentences=sentences,
        words=draw(st.integers(sentences, 40 * sentences)),
    )


@st.composite
def additions(draw: st.DrawFn) -> tuple[Sourcing, Sourcing]:
    """An article before and after one attribution more to somebody told: in sentences of its own, or, as when a claim
    is ascribed that stood there before, over sentences that are there.
    """
    before = draw(articles())
    kinds = dict(before.kinds)
    kinds[draw(st.sampled_from(IDENTIFIED))] += 1
    new = draw(st.integers(0, 3))
    over = draw(st.integers(0 if new else 1, 3))
    after = before._replace(
        kinds=kinds,
        quoted=before.quoted + draw(st.integers(0, 1)),
        sources=before.sources + draw(st.integers(0, 1)),
        attributed=min(before.attributed + new + over, before.sentences + new),
        sentences=before.sentences + new,
        words=before.words + (draw(st.integers(new, 40 * new)) if new else 0),
    )
    return before, after


@given(additions())
def test_one_more_named_source_moves_no_weighed_feature_to_the_side_of_risk(pair: tuple[Sourcing, Sourcing]) -> None:
    before, after = (counted.features() for counted in pair)
    for name, sign in SIGNS.items():
        assert sign in (-1, 1), f"{name} is weighed without a direction"
        assert sign * (after[name] - before[name]) <= 1e-12, name


@given(additions(), st.lists(st.floats(0, 2), min_size=len(SIGNS), max_size=len(SIGNS)), st.integers(0, 10_000))
def test_whatever_the_weights_the_contribution_does_not_rise(
    pair: tuple[Sourcing, Sourcing], sizes: list[float], seed: int
) -> None:
    random = np.random.default_rng(seed)
    mean, scale = random.uniform(0, 1, len(SIGNS)), random.uniform(0.01, 1, len(SIGNS))
    weights = np.array(sizes) * list(SIGNS.values())

    def contribution(counted: Sourcing) -> float:
        features = counted.features()
        return float(weights @ standardise(np.array([features[name] for name in SIGNS]), mean, scale))

    before, after = map(contribution, pair)
    assert after <= before + 1e-9


def test_shares_are_of_all_attributions() -> None:
    kinds = {"named": 2, "organisation": 1, "document": 1, "anonymous": 0, "vague": 4}
    features = Sourcing(kinds, sourceless=3, quoted=1, sources=4, attributed=6, sentences=12, words=300).features()
    assert features["identified_share"] == 0.5
    assert features["vague_share"] == 0.5
    assert features["attributed_share"] == 0.5
    assert features["quoted_share"] == 0.2
    assert features["sourceless_per_100_words"] == 1.0


def test_an_article_without_attributions_has_none_of_them() -> None:
    none = Sourcing(dict.fromkeys(KINDS, 0), sourceless=0, quoted=0, sources=0, attributed=0, sentences=3, words=40)
    assert set(none.features().values()) == {0.0}


@pytest.mark.parametrize("name", ["named_share", "organisation_share", "document_share", "quoted_share"])
def test_shares_that_others_share_in_are_told_but_not_weighed(name: str) -> None:
    # a person more is a document less in the shares, so these would raise risk for a source that is told
    assert name not in SIGNS
