"""Our figures of merit are the reference ones."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from training.corpora import Corpora
from training.figures_of_merit import merit


@pytest.mark.shared
def test_figures_equal_the_reference_script(shared_data: Path) -> None:
    # given every article with a risk made up from its length, some of them abstained
    path = shared_data.parent / "tools" / "figures_of_merit.py"
    specification = importlib.util.spec_from_file_location("reference", path)
    assert specification is not None
    assert specification.loader is not None
    reference = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(reference)
    corpora = Corpora(shared_data)
    cross = corpora.rows("crosscheck")
    chance = np.random.default_rng(1)
    risk = np.clip([0.2 + (a["tier"] == "low") * 0.2 + chance.normal(0, 0.2) for a in corpora.articles], 0.01, 0.99)
    risk[::97] = np.nan
    cross_risk = chance.random(len(cross))
    # when both judge it
    ours = merit(corpora.articles, risk, cross, cross_risk)
    theirs = reference.merit(
        corpora.articles, [None if value != value else float(value) for value in risk], cross, list(cross_risk)
    )
    # then every figure of ours is theirs
    for name, value in ours.items():
        assert value == pytest.approx(theirs[name], abs=1e-9), name
