"""Each stage of the compiled kernel by itself, on what no article would hold."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Scorer, kernel, layout, normal
from scorer.agreement import Agreement
from scorer.character_grams import prepared
from scorer.figure_words import ROWS_BITS
from scorer.findings import Signal
from scorer.hedges import TABLE_SIZE, Hedger
from scorer.loaded import Loaded, mean
from scorer.lure import Lure
from scorer.normal import Normal, normalise
from scorer.quantities import PATTERN, Finder
from scorer.signals import links
from scorer.signals.figures import Judge
from scorer.signals.figures import _given as given_to_kernel
from scorer.signals.headline import shouting
from scorer.signals.links import addresses
from scorer.store import Part
from scorer.stylometry import Stylometry
from scorer.tagger import Inputs, Thresholds, decode
from scorer.text import Reader, Text

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiled kernel: there is nothing to compare")

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = (
    "between", "two", "million", "and", "a", "half", "one", "hundred", "$", "3bn", "percent", "per", "cent", "9/11",
    "24/7", "50-50", "to", "out", "of", "in", "ten", "May", "if", "not", "yet", "confirmed", "likely", "suggests",
    "1,000-year-old", "95", "200", "5.2m", "10pm", "20th", "1990s", "2016-17", "1.5", "1,200", "2016", "7", "10:30",
    "dams", "people", "is", "thought", "could", "would", "reportedly", "said", "officials", "document", "“", "”", '"',
    ",", ".", "\n", "³", "½", "Egypt", "Egyptian", "YOU", "won’t", "BELIEVE", "İstanbul", "ΣΑΣ", "\U0001f600",
    "xyzzyq",
)  # fmt: skip
PROSE = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=80).map(" ".join)


@contextmanager
def no_kernel() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        yield


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
