"""Set phrases: the compiled pass finds what a search for each of them finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer, kernel
from scorer.document import Document, read_document
from scorer.signals.transparency import _CLASSES, DOTTED_I, _chains, _Phrases

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")

PIECES = (
    "Editor’s note:", "EDITOR'S NOTE: ", "(AP) — ", "(Reuters) - ", "was amended on", "declined to comment", "H/T",
    "sources: ", "as reported by", "reported by the", "who as\u212aed not to be named",
    "spo\u212ae on condition of anonymity",
    "İ", "Σ", "ß", "’", "漢字", "\U0001f600", "The mayor said.", "\n\n", "told reporters", "TOLD US",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=30).map(" ".join)


@pytest.fixture(scope="module")
def phrases(scorer: Scorer) -> _Phrases:
    return _Phrases(scorer.model.part("lexicon").meta["words"])


def both(phrases: _Phrases, document: Document) -> tuple[dict[str, list[tuple[int, int]]], ...]:
    ours = phrases.find(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        theirs = phrases.find(document)
    return tuple({kind: sorted(found[kind]) for kind in _CLASSES} for found in (ours, theirs))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXTS, body=TEXTS, after=TEXTS)
def test_the_same_places_in_any_text(scorer: Scorer, phrases: _Phrases, before: str, body: str, after: str) -> None:
    document = read_document(Article(text=before + body + after), scorer.reader)
    ours, theirs = both(phrases, document)
    assert ours == theirs
    # and with the body somewhere inside the text, whatever stands around it
    start = min(len(before), len(document.content.text))
    inner = scorer.reader.read(document.content, start, max(start, len(document.content.text) - len(after)))
    ours, theirs = both(phrases, replace(document, body=inner))
    assert ours == theirs


def test_a_phrase_is_found_in_capitals_and_with_a_typographic_apostrophe(scorer: Scorer, phrases: _Phrases) -> None:
    text = "EDITOR’S NOTE: the ferry was late. The harbour office DECLINED TO COMMENT."
    found = phrases.find(read_document(Article(text=text), scorer.reader))
    assert [text[start:end] for start, end in found["correction"]] == ["EDITOR’S NOTE:"]
    assert [text[start:end] for start, end in found["original"]] == ["DECLINED TO COMMENT"]


def test_a_letter_that_grows_when_it_is_lowered_leaves_the_kernel_aside(scorer: Scorer, phrases: _Phrases) -> None:
    document = read_document(
        Article(text=f"{DOTTED_I}zmir declined to comment. Others DECLINED TO COMMENT."), scorer.reader
    )
    ours, theirs = both(phrases, document)
    assert ours == theirs
    assert len(ours["original"]) == 1


FIRST_OF, NEXT, ANCHORS = _chains(("told reporters", "told us"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("text", -1, 2, ("ab",), FIRST_OF, NEXT[:1], ANCHORS[:1]),
        ("text", 3, 2, ("ab",), FIRST_OF, NEXT[:1], ANCHORS[:1]),
        ("text", 0, 5, ("ab",), FIRST_OF, NEXT[:1], ANCHORS[:1]),
        ("text", 0, 4, ("ab",), FIRST_OF, NEXT, ANCHORS[:1]),
        ("told us", 0, 7, ("ab",), FIRST_OF, NEXT[:1], ANCHORS[:1]),
        ("text", 0, 4, ("ab", "cd"), FIRST_OF[:9], NEXT, ANCHORS),
        ("text", 0, 4, ("ab", "cd"), FIRST_OF, np.array([0, 0], dtype=np.int16), ANCHORS),
        ("text", 0, 4, ("ab", 7), FIRST_OF, NEXT, ANCHORS),
        ("text", 0, 4, ("ab", "cd"), FIRST_OF, NEXT, ANCHORS[:1]),
        ("text", 0, 4, ("ab", "cd"), FIRST_OF, NEXT, -1 - ANCHORS),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="fit"):
        kernel.native.phrases(*arguments)


def test_nothing_outside_the_part_is_read() -> None:
    phrases, far = ("told reporters", "told us"), np.array([900, 900], dtype=np.int16)
    assert kernel.native.phrases("he told us", 0, 10, phrases, FIRST_OF, NEXT, far) == []
    assert kernel.native.phrases("he told us", 3, 10, phrases, FIRST_OF, NEXT, ANCHORS) == [(1, 3)]
    assert kernel.native.phrases("he told us", 4, 10, phrases, FIRST_OF, NEXT, ANCHORS) == []
    assert kernel.native.phrases("he told us", 0, 9, phrases, FIRST_OF, NEXT, ANCHORS) == []
