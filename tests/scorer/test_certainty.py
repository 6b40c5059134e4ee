"""How sure an attribution is, and of what kind its source."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer, certainty, kernel, source_kinds
from scorer.assembly import Link
from scorer.certainty import CLEAR, LEVELS, MOST, Certainty, level_of, rows_of, step_of
from scorer.mentions import FIRST_PERSON, KINDS, Described
from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.signals import attribution
from scorer.signals.attribution import Judge, Told
from scorer.source_kinds import LISTS, SourceKinds
from scorer.tagger import LABELS, Run, Tags
from scorer.text import Reader, Text

WORDS = ["“", "”", "The", "mayor", "of", "Elm", "City", "said", "that", "NATO", "12", ".", "\n", "who", "survey", "you"]
MORE_WORDS = ["reports", "from", "FROM", "confirmed", "by", "Q", "I", "é", "ǅ", "Reported"]
NAMES = [*WORDS, "Ann", "Bly", "Space", "Agency", "he", "she", "it", "the", "mayor", "Mr.", "Experts", ",", "’s", "É"]
RUNS = st.tuples(st.integers(0, 60), st.integers(1, 6))
COMPILED = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def attributions(scorer: Scorer, text: str) -> list[dict[str, Any]]:
    assessment = scorer.score(Article(text=text, title="A title"))
    return list(assessment.signals["attribution"]["spans"])


def within(text: Text, run: Run) -> Run:
    first = min(run[0], len(text.words) - 1)
    return first, min(first + run[1], len(text.words))


def drawn(seed: int, reader: Reader) -> Judge:
    random = np.random.default_rng(seed)
    table = random.integers(-127, 128, 1 << certainty.BITS).astype(np.int8)
    sure = Certainty(table, 0.004, -0.3, random.normal(size=LEVELS).tolist())
    table = random.integers(-127, 128, (1 << source_kinds.BITS, len(KINDS))).astype(np.int8)
    masks = source_kinds.list_masks(reader.lexicon)
    return Judge(sure, SourceKinds(table, [0.1] * len(KINDS), random.normal(size=len(KINDS)).tolist(), masks))


def told_alike(judge: Judge, text: Text, tags: Tags, links: list[Link]) -> Told:
    """What is told of links, which is the same with and without the kernel."""
    told = judge.told(text, tags, links)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        assert judge.told(text, tags, links) == told
    return told


@COMPILED
@MANY
@given(
    st.lists(st.sampled_from(WORDS + MORE_WORDS), min_size=1, max_size=60),
    st.lists(st.tuples(RUNS, RUNS, RUNS), max_size=6),
    st.integers(0, 9),
)
def test_compiled_and_plain_judge_alike(
    reader: Reader, words: list[str], runs: list[tuple[Run, Run, Run]], seed: int
) -> None:
    text = reader.read(normalise(" ".join(words)))
    n = len(text.words)
    if not n:
        return
    scores = np.random.default_rng(seed).normal(size=(n, len(LABELS) + 2)).astype(np.float32) * 4
    tags = Tags([], [], [], [(0, n // 2, True)], scores)
    every = [
        Link(within(text, source), within(text, cue), [within(text, held)][: number % 3])
        for number, (source, cue, held) in enumerate(runs)
    ]
    every += [  # who stands behind what he claims, by rule and not
        Link((at + 1, min(at + 2 + at % 3, n)), (at - 1, at), [(0, 1)]) for at in range(1, n - 1) if at % 3 or n < 9
    ]
    for link in every[:8:4]:
        link.source = None
    for link in every[3:8:5]:
        link.cue = None
    told_alike(drawn(seed, reader), text, tags, every)


@COMPILED
def test_what_is_ruled_and_what_is_a_letter_is_met(reader: Reader) -> None:
    text = reader.read(normalise("Reports from Elm City say so. Q: Who reported it?"))
    tags = Tags([], [], [], [], np.zeros((len(text.words), len(LABELS) + 2), np.float32))
    letter = text.tokens.index("Q")
    links = [Link((2, 4), (0, 1), [(4, 6)]), Link((letter, letter + 1), (letter + 2, letter + 3), [(0, 1)])]
    spans = told_alike(drawn(1, reader), text, tags, links)[0]
    assert spans[0]["confidence"] is None
    assert spans[1]["confidence"] is not None
    assert [span["standing"] for span in spans] == ["counted", "unclear"]


@COMPILED
@MANY
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=60), st.lists(RUNS, max_size=6), st.integers(0, 9))
def test_compiled_and_plain_name_one_kind(reader: Reader, words: list[str], runs: list[Run], seed: int) -> None:
    text = reader.read(normalise(" ".join(words)))
    if not len(text.words):
        return
    tags = Tags([], [], [], [], np.zeros((len(text.words), len(LABELS) + 2), np.float32))
    links = [Link(within(text, run), None) for run in runs]
    spans = told_alike(drawn(seed, reader), text, tags, links)[0]
    assert [(span["start"], span["end"]) for span in spans] == sorted(tuple(span["source"]) for span in spans)


def test_nothing_to_judge_is_judged(reader: Reader) -> None:
    text = reader.read(normalise("Nobody says so."))
    tags = Tags([], [], [], [], np.zeros((len(text.words), len(LABELS) + 2), np.float32))
    judge = drawn(1, reader)
    assert judge.kinds.named(text, [], []) == {}
    assert judge.told(text, tags, []) == ([], (0,) * len(KINDS), 0, 0, 3, 0, 0)


def test_features_lie_in_the_table_and_differ() -> None:
    rows = rows_of([(what, value) for what in range(20) for value in (0, 1, 7, certainty.NOTHING)], certainty.BITS)
    assert len(rows) == 80
    assert len(set(rows.tolist())) > 75
    assert rows.min() >= 0
    assert rows.max() < 1 << certainty.BITS


def test_levels_and_steps_are_bounded() -> None:
    assert [level_of(score) for score in (-1e9, -0.01, 0.0, 1.0, 1e9)] == [-MOST, -1, 0, 16, MOST]
    assert [step_of(count) for count in (0, 1, 3, 5, 10**6)] == [0, 1, 3, 4, len(certainty.GAPS)]


def test_every_list_that_is_looked_at_is_there(reader: Reader) -> None:
    masks = source_kinds.list_masks(reader.lexicon)
    assert all((masks >> bit & 1).any() for bit in range(len(LISTS) + 1))


def test_what_ascribes_nothing_is_shown_and_not_counted(scorer: Scorer) -> None:
    text = (
        "The pier closed on Monday. If you talk to a fisher here, you hear about the bridge. "
        'Harbour master Ann Bly said the pier had rotted. "It was never safe," she told reporters on Tuesday.'
    )
    found = attributions(scorer, text)
    told = {text[slice(*span["cue"])]: span for span in found}
    assert told["said"]["standing"] == "counted"
    assert told["said"]["confidence"] > 0.9
    unclear = [span for span in found if span["standing"] == "unclear"]
    assert [text[slice(*span["source"])] for span in unclear] == ["you"] * len(unclear) != []
    assert all(span["confidence"] < CLEAR and "unclear" in span["why"] for span in unclear)


def test_the_writer_is_no_source(scorer: Scorer) -> None:
    text = "I think the pier is a scandal. We believe that the council lied. Ann Bly said that it had not."
    found = attributions(scorer, text)
    assert [(text[slice(*span["source"])], span["standing"]) for span in found] == [
        ("I", "writer"),
        ("We", "writer"),
        ("Ann Bly", "counted"),
    ]
    assert "the writer's own voice" in found[0]["why"]


def test_whoever_says_i_in_a_quotation_is_one(reader: Reader) -> None:
    text = reader.read(normalise("“I said so,” Ann Bly said. I think so."))
    double, _ = quotations(text, line_starts(text))
    said, thought = (number for number, token in enumerate(text.tokens) if token == "I")
    described = dict.fromkeys([(said, said + 1), (thought, thought + 1)], Described("named", None, FIRST_PERSON))
    assert attribution._writers(described, double) == {(thought, thought + 1)}


def test_the_us_is_a_country(scorer: Scorer) -> None:
    found = attributions(scorer, "US says the ships have left. We think that they have not.")
    assert [(span["source_kind"], span["standing"]) for span in found] == [
        ("organisation", "counted"),
        ("named", "writer"),
    ]


def test_the_letters_of_an_interview_are_nobody(scorer: Scorer) -> None:
    text = "Q: Who built the pier?\nA: The council says that it did.\nQ: Do you believe it?\n"
    found = attributions(scorer, text)
    assert all(span["standing"] != "counted" for span in found if text[slice(*span["source"])] in "QA")
    assert all(span["resolved"] not in ("Q", "A") for span in found)


def test_one_name_is_of_one_kind(scorer: Scorer) -> None:
    text = (
        "Gartwell said on Monday that the pier was safe. The harbour company Gartwell Limited denied the report. "
        "Gartwell added that it had checked. According to Gartwell, nobody was hurt."
    )
    kinds = {span["source_kind"] for span in attributions(scorer, text) if text[slice(*span["source"])] == "Gartwell"}
    assert len(kinds) == 1


def test_who_is_led_back_to_a_name_is_told(scorer: Scorer) -> None:
    text = "Mayor Ann Bly opened the bridge. The mayor said that it was safe. “It will hold,” she said."
    for span in attributions(scorer, text):
        assert span["resolved"] is None or span["source_kind"] == "named"


def test_who_confirms_a_claim_is_its_source(scorer: Scorer) -> None:
    text = "Local media reported that 40 boats had sunk, though this was not confirmed by the Harbour Agency."
    found = {text[slice(*span["source"])]: span for span in attributions(scorer, text) if span["source"]}
    assert found["the Harbour Agency"]["source_kind"] == "organisation"
    assert found["the Harbour Agency"]["confidence"] is None
    assert found["the Harbour Agency"]["standing"] == "counted"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("According to the minutes, the council met on Monday.", "document"),
        ("According to a Lindholm University survey, most people swim.", "document"),
        ("Senate Majority Leader Carl Mendes said the vote was lost.", "named"),
        ("The mayor said the vote was lost.", "anonymous"),
        ("Experts said the vote was lost.", "vague"),
        ("The National Bridge Agency said the vote was lost.", "organisation"),
    ],
)
def test_kinds_of_source(scorer: Scorer, text: str, kind: str) -> None:
    assert attributions(scorer, text)[0]["source_kind"] == kind


def test_many_quotations_and_writers_take_linear_time(reader: Reader) -> None:
    def seconds(times: int) -> float:
        text = reader.read(normalise("“So it is,” she said. I think so. " * times))
        double, _ = quotations(text, line_starts(text))
        runs = [(number, number + 1) for number, token in enumerate(text.tokens) if token == "I"]
        described = dict.fromkeys(runs, Described("named", None, FIRST_PERSON))
        begun = time.process_time()
        assert len(attribution._writers(described, double)) == times
        return time.process_time() - begun

    seconds(100)
    assert seconds(16_000) <= 3 * 8 * max(seconds(2_000), 0.002)
