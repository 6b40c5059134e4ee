"""What the compiled kernel says of figures and hedges is what Python says of them."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import Scorer, kernel
from scorer.figure_words import ROWS_BITS
from scorer.findings import Signal
from scorer.hedges import Hedger
from scorer.normal import normalise
from scorer.signals.figures import Judge
from scorer.signals.figures import _given as given_to_kernel
from scorer.store import Part
from scorer.text import Reader, Text
from tests.scorer.kernel.alike import MANY, PROSE, no_kernel

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")


PLACES = st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda pair: [pair[0], sum(pair)])
ATTRIBUTIONS = st.lists(
    st.fixed_dictionaries(
        {"source": st.none() | PLACES, "cue": st.none() | PLACES, "content": st.lists(PLACES, max_size=3)},
        optional={
            "source_kind": st.sampled_from(["named", "vague", "unheard of"]),
            "standing": st.sampled_from(["counted", "writer"]),
        },
    ),
    max_size=6,
)


GRAMMAR = np.frombuffer(b"c12NXtwoaHsvhFfrTMpPemEiu&-:/Z" + 30 * b"Z", dtype=np.uint8)
"""Letters of number expressions, most of them of none."""


def judge_of(scorer: Scorer, reader: Reader, seed: int) -> Judge:
    """A judge that sees number expressions anywhere, takes nearly all of them for claims and weighs words anyhow."""
    random, part = np.random.default_rng(seed), scorer.model.part("figures")
    arrays = {**part.arrays, "words": random.integers(-127, 128, (1 << ROWS_BITS, 2)).astype(np.int8)}
    if seed % 3:
        arrays["letters"] = random.choice(GRAMMAR, len(arrays["letters"]))
    meta = {**part.meta, "bias": {**part.meta["bias"], "claim": float(part.meta["bias"]["claim"]) + 20.0}}
    return Judge(Part("figures", arrays, meta), Hedger(scorer.model.part("hedges")), reader.lexicon)


def said_of(text: Text, said: list[dict[str, Any]], seed: int) -> Signal:
    """Attributions that reach past the text, scores of no network; of every other text none."""
    scores = np.random.default_rng(seed).normal(scale=30, size=(len(text.tokens), 7)).astype(np.float32)
    return Signal("attribution", None, "", spans=said, working={"scores": scores} if seed % 2 else {})


@MANY
@given(written=PROSE, said=ATTRIBUTIONS, seed=st.integers(0, 99))
def test_any_figures_are_judged_and_told_alike(
    scorer: Scorer, reader: Reader, written: str, said: list[dict[str, Any]], seed: int
) -> None:
    text = reader.read(normalise(written))
    if not len(text.tokens):
        return
    given = said_of(text, said, seed)
    ours = judge_of(scorer, reader, seed)
    letters, hedges, *judged, values = ours._native.judged(*given_to_kernel(text, given))
    findings = ours.told(text, given)
    with no_kernel():
        theirs = judge_of(scorer, reader, seed)
        same_letters = theirs.hedger.letters(text)
        same, seen = theirs.judged(text, same_letters, given)
        assert repr(theirs.told(text, given)) == repr(findings)  # the order of the fields, too
        assert theirs.hedger.rows(text, same_letters).tobytes() == hedges
    assert same_letters.tobytes() == letters
    assert [getattr(same, field.name).tobytes() for field in fields(same)] == judged
    assert seen.tobytes() == values


def parts_of(judge: Judge) -> list[Any]:
    """What the compiled judge is made of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", SimpleNamespace(Figures=lambda *parts: list(parts)))
        made: list[Any] = judge._compiled()
    return made


def test_figures_that_do_not_fit_are_refused(scorer: Scorer, reader: Reader) -> None:
    text = reader.read(normalise("The mayor said that 500 people left. He claimed 5-4."))
    judge, make = judge_of(scorer, reader, 0), kernel.native.Figures
    said = {"source": [0, 9], "cue": [10, 14], "content": [[15, 36]]}
    given = list(given_to_kernel(text, said_of(text, [said], 1)))
    parts = parts_of(judge)
    assert make(*parts).told(*given) == judge._native.told(*given)
    tables, _, claims, letters, words, trees, _, hedges, rules, _ = parts
    feature, limit, *rest = trees[0]
    for at, wrong in (
        (0, (*tables[:3], tables[3][1:])), (0, tables[:3]), (1, []), (2, (claims[0] + 9_999, *claims[1:])),
        (2, (claims[0][1:], *claims[1:])), (2, (*claims[:2], claims[2].ravel()[1:], *claims[3:])), (3, letters[:3]),
        (3, (letters[0] + 99, *letters[1:])), (3, (letters[0][1:], *letters[1:])),
        (4, 1), (4, (*words[:4], 99)), (4, (words[0][1:], *words[1:])), (4, (words[0], words[1][1:], *words[2:])),
        (5, trees[:2]), (5, ((feature + np.uint8(200), limit, *rest), *trees[1:])),
        (5, ((feature, limit[1:], *rest), *trees[1:])), (7, (hedges[0][1:], *hedges[1:])),
        (7, (*hedges[:8], (1, 1, 1))), (7, (*hedges[:3], hedges[3][1:], *hedges[4:])), (8, rules[:4]),
    ):  # fmt: skip
        with pytest.raises((ValueError, TypeError)):
            make(*parts[:at], wrong, *parts[at + 1 :])
    native, n = judge._native, len(text.tokens)
    for at, wrong in (
        (0, text.words + 60_000), (0, text.words - 60_000), (0, text.words[1:]), (1, text.shapes + 99),
        (2, text.starts + 999), (3, text.ends - 999), (4, text.sentence_tokens + 1), (4, text.sentence_tokens[1:]),
        (5, text.sentences + 999), (5, -text.sentences), (6, text.starts[1:]), (7, text.words.astype(np.int64)),
        (8, text.starts), (8, text.starts[:0]), (9, text.starts[:0]),
        (10, given[10][1:]), (12, text.tokens[1:]), (12, tuple(text.tokens)), (13, b"text"), (14, 5),
        (14, ["said"]), (14, [{"cue": [1]}]), (14, [{"content": (1, 2)}]), (15, [(0, 99, True)]),
        (15, [1]), (15, ()), (16, None),
    ):  # fmt: skip
        broken = [*given[:at], wrong, *given[at + 1 :]]
        if at == 5:  # places are looked up in a caller's text of other places
            broken[8] = broken[9] = np.zeros(len(text.normal), np.int32)
        with pytest.raises((ValueError, TypeError)):
            native.told(*broken)
    assert n == len(native.judged(*given)[0])
    with pytest.raises(TypeError):
        native.told(*given[:-1])
    with pytest.raises(KeyError):
        native.told(*given[:14], [{"cue": None, "content": [[0, 99]]}], *given[15:])


def test_rules_that_fail_or_take_tokens_away_are_noticed(scorer: Scorer, reader: Reader) -> None:
    text = reader.read(normalise("The survey suggests that 500 people of 3-x left."))
    parts, given = parts_of(judge_of(scorer, reader, 0)), list(given_to_kernel(text, said_of(text, [], 1)))

    def fail(*given: Any) -> bool:
        raise LookupError("a rule that fails")

    def take_away(_: str) -> int:
        tokens.clear()
        return 0

    with pytest.raises(LookupError):
        kernel.native.Figures(*parts[:8], (parts[8][0], fail, *parts[8][2:]), parts[9]).told(*given)
    tokens = given[12] = list(text.tokens)
    with pytest.raises(ValueError, match="fit"):
        kernel.native.Figures(*parts[:2], (*parts[2][:7], take_away), *parts[3:]).told(*given)
