"""Attributions as runs of tokens: tied, mended and joined by the kernel just as they are in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import Scorer, agents, kernel, passives
from scorer.assembly import Link
from scorer.attribution_links import Reading
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.quotes import Quotation, line_starts, quotations
from scorer.rule_words import BEGINS, class_words, rule_words
from scorer.sentences import Punkt
from scorer.signals.attribution import Attributions
from scorer.tagger import LABELS, Packed, Run, Tags
from scorer.text import Reader, Text
from scorer.token_classes import word_classes
from tests.scorer.kernel.test_same_results import MANY, TEXTS

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")

PHRASES = (
    "confirmed by the Ministry", "verified with the Agency by", "reports from Kyiv that", "reports from NATO that",
    "claims by the Port Authority (PPA) that", "survey data suggesting that", "the Center", "for Harbour Safety and",
    "Rescue and Mayor Brook",
    "on Monday", "of", "oF", "the two pariah", "states", "Lee , a harbour pilot ,", "who runs it ,", "Gov.", "is",
    "was widely", "İly", "'s", "’s", "believed to have been", "thought", "accused of being", "it is being considered",
    "are", "have been", "filmed", "can be expected to", "regarded as", "considered healthy", "by", "that", "“", "”",
    ";", ".", "!", ",", "said", "told", "rumoured to",
    "was asked about", "when asked", "That said ,", "and", "while", "but the", ", which", "—", "to the", "to", "if a",
    "because they", "geolocated by Ana Brook", "May", "MAY", "&", "\n",
)  # fmt: skip
WRITTEN = st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=6)), max_size=60).map(" ".join)
CUTS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6), st.sampled_from("sscckk-")), max_size=60)


def tags_of(n: int, cuts: list[tuple[int, int, str]]) -> Tags:
    """Runs of tokens as no tagger would give them: sources, cues and content one after another."""
    runs: dict[str, list[Run]] = {role: [] for role in "sck-"}
    at = 0
    for gap, length, role in cuts:
        first, at = at + gap, at + gap + length
        if at <= n:
            runs[role].append((first, at))
    # content may lie over cues, too: a piece that holds several runs
    runs["k"] += [(first, min(n, first + 9)) for first, last in runs["-"] if not runs["k"] or first > runs["k"][-1][1]]
    content, reached = [], 0
    for first, last in sorted(runs["k"]):
        if first >= reached:
            content.append((first, last))
            reached = last
    return Tags(runs["s"], runs["c"], content, [])


def quotations_of(text: Text) -> list[Quotation]:
    double, single = quotations(text, line_starts(text)) if len(text.tokens) else ([], [])
    return double + single


@pytest.fixture(scope="module")
def reading(scorer: Scorer) -> Reading:
    return Reading(scorer.model.part("attribution"), scorer.reader.lexicon)


@pytest.fixture(scope="module")
def attributions(scorer: Scorer) -> Attributions:
    model = scorer.model
    return Attributions(model.part("attribution"), scorer.reader.lexicon, model.part("sources"))


@pytest.fixture(scope="module")
def few(scorer: Scorer) -> tuple[Reading, Reader]:
    """With a lexicon that lacks nearly every word of the rules: these are known by what is written."""
    lexicon = Lexicon(["", "~", "~s", "~ed", "by", "reports", "accused", "filmed", "suggesting"])
    reader = Reader(lexicon, Punkt(scorer.model.part("punkt").meta))
    return Reading(scorer.model.part("attribution"), lexicon), reader


def plainly(reading: Reading, text: Text, tags: Tags) -> list[Link]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        return reading.links(text, tags)


@MANY
@given(written=st.one_of(WRITTEN, TEXTS), cuts=CUTS)
def test_any_runs_are_linked_alike(reading: Reading, reader: Reader, written: str, cuts: list[Any]) -> None:
    text = reader.read(normalise(written))
    tags = tags_of(len(text.tokens), cuts)._replace(quotations=quotations_of(text))
    assert reading.links(text, tags) == plainly(reading, text, tags)


@MANY
@given(written=WRITTEN, cuts=CUTS)
def test_words_that_the_lexicon_lacks_are_known_too(few: tuple[Reading, Reader], written: str, cuts: list[Any]) -> None:
    reading, reader = few
    text = reader.read(normalise(written))
    tags = tags_of(len(text.tokens), cuts)
    assert reading.links(text, tags) == plainly(reading, text, tags)


@pytest.mark.parametrize(
    "unit", ["“ ", "by ", "reports by NATO that ", "is accused of ", "A, the B, said ", "was filmed "]
)
def test_hostile_texts_are_linked_alike(reading: Reading, reader: Reader, unit: str) -> None:
    """Runs at every turn of a text of one thing over and over."""
    text = reader.read(normalise(unit * 1_500))
    tags = tags_of(len(text.tokens), [(0, 1, "s"), (0, 1, "c"), (0, 1, "k")] * 2_000)
    assert reading.links(text, tags) == plainly(reading, text, tags)


def test_a_sentence_of_a_megabyte_is_linked(reading: Reading, reader: Reader) -> None:
    text = reader.read(normalise("“claims by the Agency that " * 40_000))
    tags = tags_of(len(text.tokens), [(0, 2, "s"), (0, 1, "c"), (1, 2, "k")] * 40_000)
    assert len(reading.links(text, tags)) >= 40_000


@MANY
@given(written=st.one_of(WRITTEN, TEXTS), cuts=CUTS)
def test_links_are_judged_alike_where_python_never_sees_them(
    attributions: Attributions, reader: Reader, written: str, cuts: list[Any]
) -> None:
    text = reader.read(normalise(written))
    if not len(text.words):
        return
    scores = np.random.default_rng(len(cuts)).normal(size=(len(text.words), len(LABELS) + 2)).astype(np.float32)
    tags = tags_of(len(text.tokens), cuts)._replace(quotations=quotations_of(text), scores=scores)
    told = attributions.told(text, tags)
    assert attributions.judge.told(text, tags, attributions.links(text, tags)) == told
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        assert attributions.told(text, tags) == told


def test_runs_that_only_the_kernel_reads_are_those_of_python(attributions: Attributions, reader: Reader) -> None:
    tagger = attributions.tagger
    said = '"It is so," said Ann Bly. The mayor told the Daily News that it was. — Ann Bly'
    for written in ("Hm", said, "“So.” " * 40):
        text = reader.read(normalise(written))
        tags, packed = tagger.tag(text), tagger.tag_for_kernel(text)
        assert isinstance(packed, Packed)
        for runs, of_kernel in zip(tags[:3], packed[:3], strict=True):
            assert np.frombuffer(of_kernel, np.int32).reshape(-1, 2).tolist() == [list(run) for run in runs]
        assert packed[3] == tags[3]
        assert attributions.told(text, packed) == attributions.told(text, tags)
        assert attributions.tied(text, packed) == attributions.tied(text, tags)


def test_links_of_another_text_are_refused(attributions: Attributions, reader: Reader) -> None:
    text, longer = (reader.read(normalise(written)) for written in ("He said so.", "Then the mayor said it was so."))
    tags = Tags([(0, 1)], [(1, 2)], [(2, 3)], [], np.zeros((len(text.words), len(LABELS) + 2), np.float32))
    attributions.judge.of_kernel(text, tags, attributions.given(text, tags))
    given = attributions.given(longer, Tags([(1, 3)], [(3, 4)], [(4, 7)], []))
    with pytest.raises(ValueError, match="fit"):
        attributions.judge.of_kernel(text, tags, given)
    for wrong in (given[:-1], (*given, Link), None, "links"):
        with pytest.raises(TypeError):
            attributions.judge.of_kernel(text, tags, wrong)  # type: ignore[arg-type]


def test_every_word_has_the_classes_that_the_lists_give_it(reader: Reader) -> None:
    tables, lexicon = rule_words(reader.lexicon), reader.lexicon
    classes = [{word.lower().replace("’", "'") for word in words} for words in class_words()]
    for word in set().union(*classes):
        row = tables.lacking.get(word, lexicon.id_of.get(word))
        assert row is not None, word
        assert [bool(tables.classes[row] >> bit & 1) for bit in range(1, len(classes) + 1)] == [
            word in words for words in classes
        ], word
    named = {lexicon.id_of.get(word, -1) for word in set().union(*classes)}
    others = np.setdiff1d(np.arange(len(lexicon)), list(named))
    assert not (tables.classes[others] >> 1).any()
    of_words = word_classes(lexicon)
    begun = tables.begun(of_words)
    assert of_words.max() < BEGINS
    assert (begun % BEGINS).tolist() == of_words.tolist()
    begin = {passives.plain(word) for word in (*agents.trigger_words(), *passives.rules()["participles"])}
    assert {lexicon.words[row] for row in np.flatnonzero(begun >= BEGINS)} == begin & set(lexicon.words)


def test_what_does_not_fit_is_refused(reading: Reading, reader: Reader) -> None:
    text = reader.read(normalise("The mayor said it was filmed by the Agency."))
    tables, words = reading.tables, reading.words

    def refused(**changes: Any) -> None:
        given = {
            "tokens": text.tokens, "words": text.words, "shapes": text.shapes, "borders": text.sentence_tokens,
            "tables": tables, "rules": words, "sources": [], "cues": [], "content": [], "quotations": [], "type": Link,
        }  # fmt: skip
        kernel.native.links(*given.values())
        with pytest.raises((ValueError, TypeError)):
            kernel.native.links(*{**given, **changes}.values())

    n = len(text.tokens)
    refused(words=text.words[:-1].copy())
    refused(words=np.full_like(text.words, 1 << 30))
    refused(words=np.full_like(text.words, -1))
    refused(words=text.words.astype(np.int64))
    refused(shapes=text.shapes[:-1].copy())
    refused(borders=np.array([0, n + 1], np.int32))
    refused(borders=np.array([0, 5, 3, n], np.int32))
    refused(tokens=[*text.tokens[:-1], ""])
    refused(tokens=[*text.tokens[:-1], 1])
    for place in (0, 1, 3, 4):
        refused(tables=(*tables[:place], tables[place].ravel()[:-1].copy(), *tables[place + 1 :]))
    for quotation in ((0, n + 1, True), (-1, 2, True), (3, 2, True), (0, 1), [0, 1, True]):
        refused(quotations=[quotation])
    for place in range(6):
        refused(rules=(*words[:place], words[place].ravel()[:-1].copy(), *words[place + 1 :]))
    refused(rules=(*words[:6], dict.fromkeys(range(len(words[0]) + 1), 0)))  # no row would be left for the lexicon
    for packed in ((0, n + 1), (-1, 2), (3, 3), (0, 3, 2, 4), (4, 5, 0, 1), (0,), (0, 1, 2)):
        refused(content=np.array(packed, np.int32).tobytes())
    refused(sources="runs")
    for runs in ([(0, n + 1)], [(-1, 2)], [(3, 3)], [(0, 3), (2, 4)], [(4, 5), (0, 1)], [[0, 1]], [("a", 1)]):
        refused(sources=runs)
        refused(cues=runs)
        refused(content=runs)
    refused(sources=[(0, 2)], cues=[(2, 3)], content=[(3, 6)], type=None)
    refused(sources=[(0, 2)], cues=[(2, 3)], content=[(3, 6)], type=type)
    refused(sources=[(0, 2)], cues=[(2, 3)], content=[(3, 6)], type=type(iter([])))
    with pytest.raises(AttributeError):
        kernel.native.links(
            text.tokens, text.words, text.shapes, text.sentence_tokens, tables, words, [(0, 2)], [(2, 3)], [(3, 6)], [],
            object,
        )  # fmt: skip


def test_no_code_of_a_run_takes_tokens_away(reading: Reading, reader: Reader) -> None:
    text = reader.read(normalise("The mayor said it was filmed by the Agency."))
    tokens, tables = list(text.tokens), (reading.tables, reading.words)

    class Taking:
        def __index__(self) -> int:
            tokens.clear()
            return 0

    with pytest.raises(TypeError):
        kernel.native.links(
            tokens, text.words, text.shapes, text.sentence_tokens, *tables, [(Taking(), 2)], [(2, 3)], [], [], Link
        )
    assert tokens == text.tokens


def test_rows_of_words_that_lie_are_refused(few: tuple[Reading, Reader]) -> None:
    reading, reader = few
    text = reader.read(normalise("reports from the Agency that"))
    tables = reading.tables
    for row in (-1, 1 << 40, "row"):
        rules = (*reading.words[:6], dict.fromkeys(reading.words[6], row))
        with pytest.raises((ValueError, TypeError)):
            kernel.native.links(
                text.tokens, text.words, text.shapes, text.sentence_tokens, tables, rules, [], [], [], [], Link
            )
