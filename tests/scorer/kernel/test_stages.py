"""Each stage of the compiled kernel by itself, on what no article would hold."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import kernel, layout, normal
from scorer.character_grams import prepared
from scorer.hedges import TABLE_SIZE, Hedger
from scorer.loaded import Loaded, mean
from scorer.normal import Normal, normalise
from scorer.quantities import PATTERN, Finder
from scorer.signals import links
from scorer.signals.links import addresses
from scorer.store import Part
from scorer.stylometry import Stylometry
from scorer.tagger import Inputs, Thresholds, decode
from scorer.text import Reader, Text
from tests.scorer.kernel.alike import MANY, PROSE, no_kernel

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")


def of_letters(letters: str) -> Text:
    """A text whose every token is a word with the number of its letter."""
    n = len(letters)
    starts = np.arange(n, dtype=np.int32) * 2
    words = np.frombuffer(letters.encode("latin-1"), dtype=np.uint8).astype(np.int32)
    written = "x " * n
    borders = np.array([0, n] if n else [0], dtype=np.int32)
    spans = np.array([[0, 2 * n]] if n else [], dtype=np.int32).reshape(-1, 2)
    places = (starts.data, (starts + 1).data)
    origin = Normal(written, written, None, None)
    shapes = np.zeros(n, dtype=np.int32)
    return Text(origin, 0, 2 * n, ["x"] * n, starts, starts + 1, words, shapes, spans, borders, *places)


@MANY
@given(st.text(alphabet="c12NXtwoaHsvhFfrTMpPemEiu&-:/Z", max_size=60))
def test_number_expressions_are_those_of_the_pattern(letters: str) -> None:
    finder = Finder(np.arange(256, dtype=np.uint8), {})
    ours = finder.find(of_letters(letters))
    with no_kernel():
        theirs = finder.find(of_letters(letters))
    assert ours.letters.tobytes() == theirs.letters.tobytes() == letters.encode()
    assert (ours.first.tolist(), ours.last.tolist()) == (theirs.first.tolist(), theirs.last.tolist())
    assert set(ours.first.tolist()) <= {match.start() for match in PATTERN.finditer(letters)}


@MANY
@given(st.text(alphabet="MLBKEPDIzNCabhtycIO,kRu", max_size=60), st.integers(0, 9))
def test_hedges_are_the_phrases_of_the_pattern(letters: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = random.normal(scale=40, size=TABLE_SIZE).clip(-127, 127).astype(np.int8)
    effects = random.integers(0, 5, 256, dtype=np.uint8)
    part = Part(
        "hedges",
        {"weights": weights, "letters": np.arange(256, dtype=np.uint8), "effects": effects},
        {"bias": -4.0, "unit": 0.0253, "threshold": 0.0, "sentence_threshold": float(seed) - 8.0},
    )
    hedger, text = Hedger(part), of_letters(letters)
    ours = hedger.find(text, hedger.letters(text))
    with no_kernel():
        assert hedger.find(text, hedger.letters(text)) == ours


ADDRESSES = (
    "http://a.org/b",
    "HTTPS://B.org",
    "http\u017f://c.org",
    "www.d.org",
    "WwW.e",
    "hhttp://",
    "ww",
    " ",
    ".",
    "www.www.",
    "\n",
)
HEADINGS = (
    "Read more",
    "» READ MORE: ",
    "ad",
    " * * *",
    "Share this —",
    "5 comments",
    "Adé",
    "İ ad",
    "Ad\u00a0",
    "The mayor said.",
)


@MANY
@given(
    st.one_of(
        PROSE,
        st.text(alphabet="aZ .!?…\"'”’)]“‘(\n9", max_size=60),
        st.text(max_size=40),
        st.text(" aZ4$é“", max_size=400),
        st.lists(st.sampled_from(HEADINGS)).map("\n".join),
    )
)
def test_lines_and_disguises_are_seen_alike(written: str) -> None:
    lines, signs = layout._lines(written), normal.signs_of(written)
    lowered = kernel.native.lowered(written, 0, len(written))
    with no_kernel():
        assert layout._lines(written) == lines
        assert normal.signs_of(written) == signs
    assert lowered == written.lower()


@MANY
@given(
    st.one_of(
        PROSE,
        st.text(alphabet="aZ \n\t\u2003İΣé", max_size=30),
        st.lists(st.sampled_from([" word", "a word of more letters\n", " ", "é\u2003", "\u2003 Z"])).map("".join),
    ),
    st.integers(0, 9),
    st.sampled_from([20, 40, 400]),
)
def test_characters_in_a_row_are_read_alike(written: str, start: int, most: int) -> None:
    bounds = most, min(start, len(written)), len(written)
    ours = prepared(written, *bounds)
    with no_kernel():
        assert prepared(written, *bounds) == ours


@MANY
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 99), st.sampled_from((0.5, 3.0, 40.0)))
def test_scores_become_the_same_runs(lengths: list[int], seed: int, spread: float) -> None:
    random, borders = np.random.default_rng(seed), np.cumsum([0, *lengths]).astype(np.int32)
    n = int(borders[-1])
    scores = (random.normal(size=(n, 7)) * spread).astype(np.float32)
    shapes, starts = random.integers(0, 14, n).astype(np.int32), np.arange(n, dtype=np.int32) * 5
    given = Inputs(shapes, shapes, shapes, borders, [(0, n, True)], starts, starts + 4)
    limits = Thresholds(cue=0.4, source=0.3, content=0.5, silent=0.5, least=0.05)
    ours = decode(scores, given, limits)
    with no_kernel():
        assert decode(scores, given, limits) == ours


def test_means_are_those_of_numpy() -> None:
    values = np.random.default_rng(5).normal(size=3_000).astype(np.float32)
    assert all(mean(values[:length]) == float(values[:length].mean()) for length in range(1, 3_000))


@MANY
@given(st.lists(st.integers(1, 400), min_size=1, max_size=12), st.integers(0, 99))
def test_loaded_wording_is_marked_alike(lengths: list[int], seed: int) -> None:
    random, borders = np.random.default_rng(seed), np.cumsum([0, *lengths]).astype(np.int32)
    sizes = {"tables": (5, 60), "shapes": (3, 14), "second": (14,), "second_shapes": (2, 14)}
    arrays = {name: random.normal(size=size).astype(np.float32) for name, size in sizes.items()}
    loaded = Loaded(Part("style", arrays, {"bias": -1.3, "second_bias": 0.4}))
    text = replace(
        of_letters("x" * int(borders[-1])),
        words=random.integers(0, 60, borders[-1]).astype(np.int32),
        shapes=random.integers(0, 14, borders[-1]).astype(np.int32),
        sentence_tokens=borders,
    )
    first = loaded.first_stage(text)
    with no_kernel():
        assert loaded.first_stage(text).tobytes() == first.tobytes()
    odds = loaded.log_odds(text, first)
    for threshold in np.unique(np.concatenate([odds[:20], odds[-20:]])).tolist():  # the least that one of them passes
        strict = Loaded(Part("style", arrays, {"bias": -1.3, "second_bias": 0.4, "threshold": threshold}))
        ours = strict.marked(text)
        with no_kernel():
            assert strict.marked(text) == ours


@MANY
@given(st.lists(st.integers(1, 200), min_size=1, max_size=150), st.integers(0, 99))
def test_style_is_measured_alike(lengths: list[int], seed: int) -> None:
    random, borders = np.random.default_rng(seed), np.cumsum([0, *lengths]).astype(np.int32)
    n = int(borders[-1])
    arrays = {
        "patterns": random.integers(0, 9, 300).astype(np.int32),
        "memberships": random.integers(0, 2, (9, 5)).astype(np.uint8),
    }
    stylometry = Stylometry(Part("style", arrays, {"classes": list("abcde")}))
    text = replace(
        of_letters("x" * n),
        words=random.zipf(1.5, n).astype(np.int32) % 300,
        shapes=random.integers(0, 14, n).astype(np.int32),
        ends=np.arange(n, dtype=np.int32) * 2 + random.integers(1, 12, n).astype(np.int32),
        sentence_tokens=borders,
    )
    ours = stylometry.measure(text)
    with no_kernel():
        assert stylometry.measure(text) == ours


def test_every_character_gets_its_own_lower_case() -> None:
    plain = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert all(kernel.native.lowered(one, 0, 1) == one.lower() for one in plain)


FEW = np.zeros(2, np.int32)


def refused(name: str, *arguments: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        getattr(kernel.native, name)(*arguments)


def test_what_does_not_fit_is_refused_by_every_stage(reader: Reader) -> None:
    """Numbers that point outside their tables, rows of different lengths: refused before they are looked at."""
    text = reader.read(normalise("About 500 people left."))
    words, shapes, starts, ends, borders = text.words, text.shapes, text.starts, text.ends, text.sentence_tokens
    wild = np.full_like(words, 1 << 30)
    table = np.zeros(256, np.uint8)
    refused("quantities", wild, shapes, starts, ends, table, text.tokens, text.normal, {})
    refused("quantities", words, shapes, starts, ends + 999, np.zeros(60_000, np.uint8), text.tokens, text.normal, {})
    limits, unknown = np.array([1, 2, 3, 4]), np.array([8.0, 0.5])
    stems, idf, flags = np.zeros(60_000, np.uint16), np.ones(9, np.float32), np.ones(16, np.uint8)
    evidence, trees = np.ones((2, 9), np.float32), np.zeros(1, np.uint8)
    whole = 0, 4, None
    for title, body, table, said, bounds in (
        (wild, words, stems, evidence, whole),
        (words, wild, stems, evidence, whole),
        (words, words, stems + 9, evidence, whole),
        (words, words, stems - 1, evidence, whole),
        (words, words, stems, evidence[:1], whole),
        (words, words, stems, evidence, (2, 9, None)),
        (words, words, stems, evidence, (0, 4, kernel.native.tables("B", trees))),
        (
            words,
            words,
            stems,
            evidence,
            (0, 4, kernel.tables("Bfid", trees + 24, unknown[:1].astype(np.float32), FEW, unknown)),
        ),
        (words, words, stems, evidence, (0, 4, kernel.tables("Bfid", trees, unknown.astype(np.float32), FEW, unknown))),
    ):
        tables = kernel.tables("HffBqd", table, idf, said, flags, limits, unknown)
        refused("overlap", tables, bounds[2], title, shapes, text.tokens, body, borders, "body", *bounds[:2])
    refused("overlap", flags, None, words, shapes, text.tokens, words, borders, "body", 0, 4)
    refused("tables", "ii", FEW)
    refused("tables", "f", FEW)
    refused("tables", "x", FEW)
    refused("tables")
    classes, limits, counts = np.zeros(9, np.int64), np.array([60, 4, 2]), np.array([2.0, 0.7])
    weights, title = np.zeros(16, np.float32), (words, shapes, text.tokens)
    for ids, known, weight, read in (
        (wild, classes, weights, limits),
        (words, classes, weights, limits),
        (words - words, classes, weights[:15], limits),
        (words - words, classes, weights, limits[:2]),
        (words - words, classes, weights, limits - 2),
    ):
        tables = kernel.tables("qBfqd", known, flags, weight, read, counts)
        refused("lure", tables, {}, tables, {}, str, None, ids, *title[1:], "text", 0, 4)
    refused("wording", kernel.tables("qBfqd", classes, flags, weights, limits, counts), {}, wild, *title[1:])
    refused("wording", kernel.tables("qBfqd", classes[:0], flags, weights, limits, counts), {}, *title)
    refused("shouting", shapes[:-1], text.tokens)
    refused("shouting", shapes, [0] * len(shapes))
    refused("lowered", "text", 2, 9)
    refused("prepared", "text", 2, 9)
    refused("softened", np.zeros(8, np.float32), 0.0)
    powers, rules = bytearray(21 * len(words)), (16, 64, 0.01, 0.03)
    costs, rules = (0.3, 0.4, 0.05, 0.5), (*rules, 0.05, 0.5, 2, 2, 8)
    refused("runs", powers[:-1], borders, starts, ends, shapes, [], costs, rules)
    refused("runs", memoryview(bytearray(21 * len(words) + 1))[1:], borders, starts, ends, shapes, [], costs, rules)
    refused("runs", powers, borders[:-1], starts, ends, shapes, [], costs, rules)
    refused("runs", powers, borders, starts, ends[:-1], shapes, [], costs, rules)
    refused("runs", powers, borders, starts, ends, shapes, [(0, 99, True)], costs, rules)
    refused("runs", powers, borders, starts, ends, shapes, [], costs, (16, 999, *rules[2:]))
    refused("signs", b"bytes", "kept")
    refused("lines", None, 1, 1)


def test_openings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TypeError, match="openings"):
        kernel.native.lines("text", 160, 30, "", b"read")
    assert kernel.native.lines(" a\n", 160, 30, "a", array("i")) == ([(1, 2)], [0], [0])
    assert kernel.native.lines("ab", 160, 30, "", array("i")) == ([(0, 2)], [0], [])


@MANY
@given(
    st.lists(st.one_of(st.sampled_from(ADDRESSES), st.text(max_size=4)), max_size=9).map("".join),
    st.integers(0, 9),
    st.integers(0, 40),
)
def test_addresses_are_found_alike(written: str, start: int, most: int) -> None:
    bounds = min(start, len(written)), max(min(start, len(written)), len(written) - most)
    ours = addresses(written, *bounds)
    with no_kernel():
        assert addresses(written, *bounds) == ours
        assert addresses(written + " http", *bounds) == links._URL.findall(written, *bounds)
    assert addresses(written + " http", *bounds) == links._URL.findall(written, *bounds)


@pytest.mark.parametrize("bounds", [(-1, 2), (3, 2), (0, 5)])
def test_addresses_outside_the_text_are_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        kernel.native.addresses("text", *bounds)
