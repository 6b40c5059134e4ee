"""What the compiled kernel says of headlines is what Python says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import Scorer, kernel
from scorer.agreement import Agreement
from scorer.lure import Lure
from scorer.normal import normalise
from scorer.signals.headline import shouting
from scorer.text import Reader
from tests.scorer.kernel.alike import MANY, PROSE, no_kernel

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")


@MANY
@given(title=PROSE, body=PROSE)
def test_headlines_are_measured_alike(scorer: Scorer, reader: Reader, title: str, body: str) -> None:
    part = scorer.model.part("headline")
    lure, agreement = Lure(part), Agreement(part)
    head, text = reader.read(normalise(title)), reader.read(normalise(body))
    judged, ours, (places, values) = agreement.judged(head, text), agreement.overlap(head, text), lure.features(head)
    with no_kernel():
        theirs, (same_places, same_values) = agreement.overlap(head, text), lure.features(head)
        assert agreement.judged(head, text) == judged
    assert np.array_equal(places, same_places)
    assert np.array_equal(values, same_values)
    assert (ours is None) == (theirs is None) == (judged is None)
    for one, other in zip(ours or (), theirs or (), strict=True):
        assert np.array_equal(one, other)


@MANY
@given(
    text=st.text(alphabet="ab é\u201c\U0001f600", max_size=300),
    title=st.lists(st.text(alphabet="abé\u201c\U0001f600", min_size=1, max_size=9), max_size=4),
)
def test_titles_are_sought_letter_by_letter_in_bodies_of_any_width(
    scorer: Scorer, reader: Reader, text: str, title: list[str]
) -> None:
    agreement = Agreement(scorer.model.part("headline"))
    head = reader.read(normalise("mayor " + " ".join(title)))
    body = reader.read(normalise("x " + text + " " + "".join(title[:2])))
    ours = agreement.overlap(head, body)
    with no_kernel():
        theirs = agreement.overlap(head, body)
    assert ours is not None
    assert theirs is not None
    assert ours.measures.tobytes() == theirs.measures.tobytes()
    assert ours.missing == theirs.missing


@MANY
@given(
    st.one_of(
        PROSE,
        st.lists(st.sampled_from(["advert", "next", "p3", "PR!", "“N", "7", "A!", "?", "LOUD", "Ĳ"]), max_size=9).map(
            " ".join
        ),
    )
)
def test_titles_lure_and_shout_alike(scorer: Scorer, reader: Reader, title: str) -> None:
    part = scorer.model.part("headline")
    lures = Lure(part), Lure(replace(part, arrays={k: v for k, v in part.arrays.items() if "grams" not in k}))
    for written in (title, title.title(), title.upper()):
        head = reader.read(normalise("\n" + written))
        ours = shouting(head), *(lure.log_odds(head) for lure in lures)
        with no_kernel():
            assert (shouting(head), *(lure.log_odds(head) for lure in lures)) == ours
