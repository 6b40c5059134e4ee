"""Each stage of the compiled kernel by itself, on what no article would hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scorer import Scorer, kernel, layout, normal
from scorer.agreement import Agreement
from scorer.character_grams import prepared
from scorer.figure_findings import RULES, Judged, told
from scorer.figure_rules import Signs
from scorer.figure_surroundings import surroundings
from scorer.figure_words import ROWS_BITS, Weights
from scorer.hedges import TABLE_SIZE, Hedger
from scorer.loaded import Loaded, mean
from scorer.lure import Lure
from scorer.normal import Normal, normalise
from scorer.quantities import PATTERN, Finder, Quantities
from scorer.signals.figures import Judge
from scorer.signals.headline import shouting
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


@MANY
@given(
    st.one_of(
        PROSE,
        st.text(alphabet="aZ .!?…\"'”’)]“‘(\n9", max_size=60),
        st.text(max_size=40),
        st.text(" aZ4$é“", max_size=400),
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
@given(st.one_of(PROSE, st.text(alphabet="aZ \n\t\u2003İΣé", max_size=30)), st.integers(0, 9), st.integers(0, 40))
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


PICKS = st.lists(st.integers(1, 5), max_size=20)


def quantities_of(text: Text, picks: list[int]) -> tuple[Quantities, NDArray[np.int64]]:
    """Figures where no pattern would see any, of so many tokens each but the first, and how they are written."""
    edges = [edge for edge in np.cumsum(picks).tolist() if edge <= len(text.tokens)]
    found = Quantities(np.zeros(0, np.uint8), np.array(edges[:-1], np.int64), np.array(edges[1:], np.int64))
    return found, np.arange(len(found.first), dtype=np.int64) % 25


@MANY
@given(written=PROSE, said=ATTRIBUTIONS, picks=PICKS)
def test_any_tokens_have_the_same_surroundings(
    scorer: Scorer, reader: Reader, written: str, said: list[dict[str, Any]], picks: list[int]
) -> None:
    """Attributions that reach past the text, scores of no network."""
    text = reader.read(normalise(written))
    found, form = quantities_of(text, picks)
    if not len(form):
        return
    letters = Hedger(scorer.model.part("hedges")).letters(text)
    random = np.random.default_rng(len(written))
    scores = random.normal(scale=30, size=(len(text.tokens), 7)).astype(np.float32)
    words = Weights(random.integers(-127, 128, (1 << ROWS_BITS, 2)).astype(np.int8), [0.1, 0.2], [0.0, -1.0])
    ours = surroundings(text, found, form, letters, said, {"scores": scores}, words)
    with no_kernel():
        theirs = surroundings(text, found, form, letters, said, {"scores": scores}, words)
    assert ours.values.tobytes() == theirs.values.tobytes()
    assert ours.related.tolist() == theirs.related.tolist()


@MANY
@given(written=PROSE, said=ATTRIBUTIONS, picks=PICKS, seed=st.integers(0, 99))
def test_any_figures_and_hedges_are_told_alike(
    scorer: Scorer, reader: Reader, written: str, said: list[dict[str, Any]], picks: list[int], seed: int
) -> None:
    text = reader.read(normalise(written))
    found, form = quantities_of(text, picks)
    if not len(form):
        return
    hedger, signs = Hedger(scorer.model.part("hedges")), Signs(reader.lexicon)
    letters = hedger.letters(text)
    related = surroundings(text, found, form, letters, said, {}, None).related
    odds = np.random.default_rng(seed).normal(scale=2, size=(3, len(form))).astype(np.float32)
    judged = Judged(found.first, found.last, form, *odds, related)
    given = text, judged, letters, hedger.rows(text, letters), said, signs
    ours = told(*given)
    with no_kernel():
        assert repr(told(*given)) == repr(ours)  # the order of the fields, too


def test_findings_of_what_does_not_fit_are_refused(reader: Reader) -> None:
    text = reader.read(normalise("About 500 people left."))
    n, one = len(text.tokens), np.ones(1, np.float32)
    related, hedge = np.array([[-1, -1, -1, 0, 0, n, -1, 0]]), np.array([[0, 1, 5]])
    letters, signs, at = np.full(n, ord("z"), np.uint8), np.zeros(len(reader.lexicon), np.uint8), np.array([1])
    places = text.words, text.caller_starts, text.caller_ends

    def tell(
        said: Any = (), rules: Any = RULES, signs: Any = signs, hedges: Any = hedge, first: Any = at,
        last: Any = at + 1, related: Any = related,
    ) -> Any:  # fmt: skip
        return kernel.native.figure_findings(
            text, text.tokens, said, rules, *places, letters, signs, hedges, first, last, at, one, -one, one, related
        )

    def fail(*given: Any) -> bool:
        raise LookupError("a rule that fails")

    assert tell()[1:] == (0, 1, 1, 1, (0, 0, 0, 0, 0, 1))
    with pytest.raises(LookupError):
        tell(rules=(RULES[0], fail, *RULES[2:]), signs=signs | np.uint8(3))
    with pytest.raises(KeyError):
        tell(said=[{"cue": None}], related=related + np.array([1, 0, 0, 0, 0, 0, 0, 0]))
    for wrong in (
        {"said": ["said"]}, {"signs": signs[:1]}, {"hedges": hedge + 99}, {"hedges": hedge[:, :2]}, {"first": at + 99},
        {"last": at}, {"related": related + 99}, {"related": related[:, :7]}, {"rules": ()},
        {"first": np.array([1, 2])}, {"hedges": np.array([[0, 2, 5], [1, 3, 5]])},
    ):  # fmt: skip
        with pytest.raises((ValueError, TypeError)):
            tell(**wrong)


@MANY
@given(written=PROSE)
def test_claims_are_weighed_alike(scorer: Scorer, reader: Reader, written: str) -> None:
    judge = Judge(scorer.model.part("figures"), Hedger(scorer.model.part("hedges")), reader.lexicon)
    judge.claim_bias += 20.0  # nearly every expression passes, so that each one's sum is compared
    text = reader.read(normalise(written))
    ours, odds, form = judge.claims(text)
    with no_kernel():
        theirs, same_odds, same_form = judge.claims(text)
    assert (ours.first.tolist(), ours.last.tolist()) == (theirs.first.tolist(), theirs.last.tolist())
    assert odds.tobytes() == same_odds.tobytes()
    assert form.tolist() == same_form.tolist()


FEW = np.zeros(2, np.int32)


def refused(name: str, *arguments: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        getattr(kernel.native, name)(*arguments)


def test_what_does_not_fit_is_refused_by_every_stage(reader: Reader) -> None:
    """Numbers that point outside their tables, rows of different lengths: refused before they are looked at."""
    text = reader.read(normalise("About 500 people left."))
    words, shapes, starts, ends, borders = text.words, text.shapes, text.starts, text.ends, text.sentence_tokens
    short, wild = words[:-1].copy(), np.full_like(words, 1 << 30)
    table, letters = np.zeros(256, np.uint8), np.full(len(words), ord("1"), np.uint8)
    first, last = np.array([1]), np.array([2])
    refused("quantities", wild, shapes, starts, ends, table, text.tokens, text.normal, {})
    refused("quantities", words, shapes, starts, ends + 999, np.zeros(60_000, np.uint8), text.tokens, text.normal, {})
    weights = (np.zeros(15, np.int64), np.zeros(3, np.float32), np.zeros(4, np.float32), 0.0, 0.0, frozenset(), int)
    for bounds in ((first, last + 99), (last, first), (first - 9, last)):
        refused("claims", letters, *bounds, words, shapes, starts, ends, borders, text.tokens, text.normal, *weights)
    refused("claims", letters, first, last, short, shapes, starts, ends, borders, text.tokens, text.normal, *weights)
    refused("claims", letters, first, last, words, shapes, starts, ends, borders, text.tokens, text.normal, *weights)
    rows = (np.zeros(256, np.int64), np.zeros(256, np.int64), np.zeros(256, np.uint8))
    known = {"organisation": 1, "sourceless": 5}
    for at, until, tables, said, quoted in (
        (first, last + 99, rows, [], []),
        (last, first, rows, [], []),
        (first, last, (rows[0] + 99, *rows[1:]), [], []),
        (first, last, rows, [{"cue": [1]}], []),
        (first, last, rows, ["said"], []),
        (first, last, rows, [], [(0, 99, True)]),
    ):
        refused(
            "status", at, until, first, letters, shapes, starts, ends, borders, text.sentences, starts, *tables, None,
            None, text.tokens, said, known, quoted, [], 200,
        )  # fmt: skip
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
    refused("softened", np.zeros(8, np.float32), 7, 5, 0.0)
    refused("softened", np.zeros(12, np.float32), 6, 5, 0.0)
    powers, content, rules = np.ones(5 * len(words), np.float32), np.zeros(len(words), np.uint8), (16, 64, 0.01, 0.03)
    costs, rules = (0.3, 0.4, 0.05, 0.5), (*rules, 0.05, 0.5, 2, 2, 8)
    refused("runs", powers[:-1], content, borders, starts, ends, shapes, [], costs, rules)
    refused("runs", powers, content, borders[:-1], starts, ends, shapes, [], costs, rules)
    refused("runs", powers, content, borders, starts, ends[:-1], shapes, [], costs, rules)
    refused("runs", powers, content, borders, starts, ends, shapes, [(0, 99, True)], costs, rules)
    refused("runs", powers, content, borders, starts, ends, shapes, [], costs, (16, 999, *rules[2:]))
    refused("signs", b"bytes", "kept")
    refused("lines", None, 1, 1)
