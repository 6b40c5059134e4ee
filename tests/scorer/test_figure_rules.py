"""Plain wordings settle what holds of a figure, whatever the trees think."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import figure_rules
from scorer.figure_features import Form
from scorer.figure_rules import CLAIM_REACH, POLL_REACH, Signs, is_open, is_settled, is_sourced, takes_up
from scorer.normal import normalise
from scorer.text import Reader


def place(sentence: str) -> tuple[list[str], int, int, int, int]:
    """Tokens of a sentence, and where it begins, its figure (in brackets) begins and ends, and it ends."""
    tokens = sentence.replace("[", "").replace("]", "").split()
    marked = sentence.split()
    first = next(at for at, word in enumerate(marked) if word.startswith("["))
    last = next(at for at, word in enumerate(marked) if word.endswith("]")) + 1
    return tokens, 0, first, last, len(tokens)


@pytest.mark.parametrize(
    "sentence",
    [
        "Some [80 million] people may already be out of work .",
        "In the north , [300] farms could lose their water .",
        "Fewer than [8 percent] of sailors reportedly own a boat .",
        "All [55] captains are expected to sign .",
        "More than [140] sailors are thought to have left .",
        "The owner claimed that he once sold [six] boats in a day .",
        "The letter alleges the mayor was paid [$ 4,000] by the firm .",
        "The tide tables suggest [12] days of flooding .",
        "A poll suggested [47 %] would stay .",
        "If confirmed , [45,000] homes lost power .",
        "The council said that , if this is true , more than [45,000] homes lost power .",
    ],
)
def test_what_is_only_heard_guessed_or_claimed_is_open(sentence: str) -> None:
    assert is_open(*place(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "The port sold [300] boats , and the mayor may visit it .",
        "The poll found that [8 %] of pupils said it could rain .",
        "Some [40] sailors could not vote .",
        "The storm has claimed the lives of [14] people .",
        "The port has [300] boats so it may grow .",
        "Only [11 percent] could name the river .",
        "Some [41 percent] believe it could sink .",
        "Firms with fewer than [500] workers could be spared .",
        "The mayor suggested [$ 16 million] in cuts .",
        "If confirmed by the council , she leads [300] people .",
        "The count is confirmed , [45,000] homes lost power .",
        "He claims that it rained but the gauge shows [two] dry weeks .",
    ],
)
def test_what_speaks_of_something_else_leaves_the_figure_alone(sentence: str) -> None:
    assert not is_open(*place(sentence))


def test_a_claim_reaches_so_far_and_no_farther() -> None:
    near = "He claimed that " + "very " * (CLAIM_REACH - 4) + "[six] boats sank ."
    far = "He claimed that " + "very " * (CLAIM_REACH + 4) + "[six] boats sank ."
    assert is_open(*place(near))
    assert not is_open(*place(far))


def test_a_count_of_suspected_things_is_settled_where_nothing_else_is_in_doubt() -> None:
    arrested = place("The rangers arrested [680] suspected poachers .")
    assert is_settled(*arrested, hedges=1)
    assert not is_settled(*arrested, hedges=2)
    guessed = place("The rangers say [680] were suspected of it .")
    assert not is_settled(*guessed, hedges=1)
    assert not is_settled(*guessed, hedges=0)


@pytest.mark.parametrize(
    "sentence",
    [
        "The poll of likely voters has him at [48 percent] .",
        "The office counted [2,100] unemployment claims in May .",
        "The flood has claimed the lives of [14] farmers .",
    ],
)
def test_voters_files_and_victims_are_no_doubts(sentence: str) -> None:
    assert is_settled(*place(sentence), hedges=1)


@pytest.mark.parametrize(
    ("sentence", "is_said"),
    [
        ("The harbour office estimates [300] boats sink a year .", True),
        ("Smith projects that [300] boats will sink .", True),
        ("An estimated [300] boats sank .", False),
        ("Growth is expected to reach [300] boats .", False),
        ("The board , expected to have [40] members , meets in May .", False),
        ("Estimates of [300] boats were wrong .", False),
        ("The port has [300] boats .", False),
    ],
)
def test_who_estimates_stands_behind_the_figure(sentence: str, is_said: bool) -> None:
    tokens, begin, first, last, end = place(sentence)
    assert is_sourced(tokens, 0, begin, first, last, end, Form.THREE_DIGITS) is is_said


def test_a_poll_answers_in_shares_in_its_own_sentence_and_the_next() -> None:
    before = "The survey is out . "
    tokens, _, first, last, end = place(before + "[40 percent] of the crews said no .")
    begin = len(before.split())
    assert is_sourced(tokens, 0, begin, first, last, end, Form.PERCENT)
    assert not is_sourced(tokens, 0, begin, first, last, end, Form.GROUPED)
    assert not is_sourced(tokens, begin, begin, first, last, end, Form.PERCENT)  # no sentence before it
    tokens, _, first, last, end = place("The survey has a margin of error of [3 points] .")
    assert not is_sourced(tokens, 0, 0, first, last, end, Form.PERCENT)
    tokens, _, first, last, end = place("survey " + "and " * POLL_REACH + "[40 percent] of them .")
    assert not is_sourced(tokens, 0, 0, first, last, end, Form.PERCENT)


def test_the_two_towns_are_known_and_two_towns_are_counted() -> None:
    tokens = ["The", "two", "upset", "towns", "lost", "two", "bridges", "."]
    assert takes_up(tokens, 1)
    assert not takes_up(tokens, 5)
    assert not takes_up(tokens, 0)


RULE_WORDS = sorted(
    figure_rules._OPENING | figure_rules._POLL | figure_rules._ESTIMATE | figure_rules._BE | figure_rules._SETTLING
    | figure_rules._FILED | figure_rules._ELECTORS | figure_rules._LIVES
)  # fmt: skip
SENTENCES = st.lists(
    st.sampled_from([*RULE_WORDS, *figure_rules._CLAIMED, "that", "to", "some", ",", "9", "harbour"]),
    min_size=8,
    max_size=60,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SENTENCES, st.data())
def test_no_rule_holds_without_a_sign_of_it(reader: Reader, words: list[str], data: st.DataObject) -> None:
    text = reader.read(normalise(" ".join(words)))
    n, signs = len(text.tokens), Signs(reader.lexicon).of(text)
    past, begin, first, last, end = sorted(data.draw(st.lists(st.integers(0, n), min_size=5, max_size=5)))
    if first == last:
        return
    form = data.draw(st.sampled_from(Form))
    if is_open(text.tokens, begin, first, last, end):
        assert figure_rules.may_be_open(signs, begin, first, last, end)
    if is_settled(text.tokens, begin, first, last, end, data.draw(st.integers(0, 3))):
        assert figure_rules.may_be_settled(signs, begin, first, last, end)
    if is_sourced(text.tokens, past, begin, first, last, end, form):
        assert figure_rules.may_be_sourced(signs, past, begin, first, last, end, form)


def test_every_word_that_a_rule_waits_for_is_a_sign_where_it_stands(reader: Reader) -> None:
    text = reader.read(normalise(" ".join((*RULE_WORDS, "that", "the", "harbour"))))
    signs = dict(zip(text.tokens, Signs(reader.lexicon).of(text), strict=True))
    for sign, waited in (
        (figure_rules.POLLS, figure_rules._POLL),
        (figure_rules.ESTIMATES, figure_rules._ESTIMATE),
        (figure_rules.TELLS, {"that"}),
        (figure_rules.SUGGESTS, figure_rules._SUGGEST),
        (figure_rules.HOLDS, figure_rules._HELD),
        (figure_rules.OPENS, figure_rules._OPENS),
        (figure_rules.CLAIMS, figure_rules._CLAIM),
        (figure_rules.IF_SO, figure_rules._IF_SO),
        (figure_rules.SETTLES, figure_rules._SETTLING),
    ):
        assert all(signs[word] & sign for word in waited)
    assert not signs["the"] | signs["harbour"]
