"""The compiled kernel and plain Python give the same results to the last bit, whatever the text."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer, kernel, mentions
from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.text import Reader, Text
from tests.scorer.prose import ARTICLE

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")

WORDS = (
    "The mayor", "Dr. Ana Brook", "the Daily Comet", "NATO", "U.S.", "a spokesman for the ministry", "she", "they",
    "who", "said", "told reporters", "according to", "it is thought", "was confirmed by", "reportedly", "could",
    "1,200", "$3bn", "12-15%", "2016", "“Nobody told us,”", "'no'", '"', "’s", "well-known", "don't", "e.g.", "No. 5",
    "...", "--", ".", ",", "?!", "\n", "\n\n", "Mr.", "J. R. Stone", "World Health Agency", "(WHA)", "é", "e\u0301",
    "\u200b", "漢字", "ǅ", "İ", "٣", "½", "\U0001f600", "READ MORE", "and", "the agency", "Al-Hadid", "of", "that",
    "You won’t BELIEVE", "He’d", "I'm", "Republican", "between", "million", "a half", "10pm", "24/7", "95 200",
    "which", "New York Gov. Ana Brook", "National Security Adviser", "and Sen. Carl Paul", "Paul", "IRAN WARNS THEM",
    "Kim", "family", "Asked", "That said,", "cause",
    "in ten", "not yet", "if", "suggests", "is believed to", "would", "v4ccine", "a b c d e f",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=120).map(" ".join)
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def compiled() -> Scorer:
    return Scorer()


@pytest.fixture(scope="module")
def pure() -> Scorer:
    """A scorer made while the kernel is away; what looks for the kernel at each call is patched in `plainly`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        return Scorer()


def plainly(pure: Scorer, article: Article) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        return pure.score(article).to_json()


@MANY
@given(text=TEXTS, title=st.text(max_size=40))
def test_any_text_gets_the_same_assessment(compiled: Scorer, pure: Scorer, text: str, title: str) -> None:
    article = Article(text=text, title=title)
    assert compiled.score(article).to_json() == plainly(pure, article)


@pytest.mark.parametrize(
    "hostile",
    [
        "“" * 3_000 + "said " * 3_000,
        "Mr. " * 4_000,
        "A. B. " * 3_000,
        "x" * 20_000 + " " + "9," * 20_000,
        "He said. " * 2_000 + "\u200b\u0301" * 500,
        "\n".join("“" + word for word in ("the Agency", "NATO", "he", "said", "1 2 3") * 700),
        " ".join(f"w{n}x" for n in range(9_000)),
    ],
    ids=["quotation marks", "abbreviations", "initials", "long tokens", "invisible", "lines", "new words"],
)
def test_hostile_texts_too(compiled: Scorer, pure: Scorer, hostile: str) -> None:
    article = Article(text=hostile, title="A title that was given")
    assert compiled.score(article).to_json() == plainly(pure, article)


def test_our_own_articles_too(compiled: Scorer, pure: Scorer, golden: Path) -> None:
    for path in sorted(golden.glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n\n")
        article = Article(text=text, title=title)
        assert compiled.score(article).to_json() == plainly(pure, article)


def overwrite(told: Any) -> None:
    """Put something else into every list and dictionary."""
    if isinstance(told, dict):
        for value in told.values():
            overwrite(value)
        told.update(dict.fromkeys(told, "another"))
    elif isinstance(told, list):
        for value in told:
            overwrite(value)
        told[:] = ["another"]


def test_what_a_caller_makes_of_an_answer_is_not_in_the_next_one(compiled: Scorer) -> None:
    article = Article(text=ARTICLE, title="A title that was given")
    told = compiled.score(article)
    before = told.to_json()
    overwrite(told.fields)
    assert told.to_json() != before
    assert compiled.score(article).to_json() == before


@pytest.mark.shared
@pytest.mark.slow
def test_five_hundred_real_articles_too(compiled: Scorer, pure: Scorer, shared_data: Path) -> None:
    with gzip.open(shared_data / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows[:: len(rows) // 500]:
        article = Article(text=row["text"], title=row["title"] or "")
        assert compiled.score(article).to_json() == plainly(pure, article), row["id"]


@MANY
@given(text=TEXTS)
def test_any_text_is_read_alike(compiled: Scorer, pure: Scorer, text: str) -> None:
    ours, theirs = (scorer.reader.read(normalise(text)) for scorer in (compiled, pure))
    assert ours.tokens == theirs.tokens
    for field in fields(Text):
        if field.name in ("starts", "ends", "words", "shapes", "sentences", "sentence_tokens"):
            assert np.array_equal(getattr(ours, field.name), getattr(theirs, field.name)), field.name


@MANY
@given(text=TEXTS, picks=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 7)), max_size=12))
def test_any_run_of_tokens_is_described_alike(reader: Reader, text: str, picks: list[tuple[int, int]]) -> None:
    """Sources as no tagger would give them: any stretch of tokens."""
    read = reader.read(normalise(text))
    n = len(read.words)
    sources = sorted({(first, min(n, first + length)) for first, length in picks if first < n})
    if not n:
        return
    double, single = quotations(read, line_starts(read))
    ours = mentions.describe(read, sources, double + single)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        assert mentions.describe(read, sources, double + single) == ours


def test_what_does_not_fit_is_refused_not_read() -> None:
    """Lengths and ids are checked before any memory is touched."""
    five, none = np.arange(5, dtype=np.int32), np.zeros(0, dtype=np.int32)
    letters, news = np.zeros(256, np.uint8), np.zeros(256, np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        kernel.native.hedges(
            five,
            five,
            none,
            letters,
            letters,
            letters,
            news,
            letters[:3].view(np.int8),
            1.0,
            np.zeros(512),
            (0.0, 0.0, 0.0),
            0.0,
            (1, 1, 1),
            letters,
        )
    with pytest.raises(TypeError, match="array of 'i'"):
        kernel.native.terms(five.astype(np.float32), 10, 4)
    with pytest.raises(ValueError, match="outside the text"):
        kernel.native.Reader({}, int, bool, frozenset()).read("short", 0, 9)
    assert kernel.native.terms(none, 10, 4) == b""


def test_the_setting_leaves_the_kernel_aside() -> None:
    show = "from scorer import kernel; print(kernel.name())"
    for value, name in (("yes", "python"), ("no", "compiled")):
        run = subprocess.run(
            [sys.executable, "-c", show], capture_output=True, text=True, check=True, env={"CREDENCE_PURE": value}
        )
        assert run.stdout.strip() == name


def test_a_kernel_of_other_sources_is_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "INTERFACE", kernel.INTERFACE + 1)
    assert kernel.load({}) is None
