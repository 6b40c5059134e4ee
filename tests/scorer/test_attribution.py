"""Who says what: findings on sentences we wrote, and what must hold for any text."""

from __future__ import annotations

import itertools
import time
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer, store
from scorer.article import ModelError
from scorer.attribution_links import Reading
from scorer.document import read_document
from scorer.findings import Signal
from scorer.lexicon import Lexicon
from scorer.sentences import Punkt
from scorer.signals import attribution
from scorer.store import Part
from scorer.text import Reader

Found = dict[str, Any]


@cache
def loaded() -> tuple[Reader, Any]:
    """Reader and measure of the shipped model, alone: no other part is needed here."""
    model = store.load(store.find())
    reader = Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))
    return reader, attribution.build(model)


def measured(text: str) -> Signal:
    """The signal of a text."""
    reader, measure = loaded()
    signal: Signal = measure(read_document(Article(title="A headline", text=text), reader), {})
    return signal


@pytest.fixture(scope="module")
def measure() -> Any:
    return measured


def one(measure: Any, text: str, source: str | None) -> dict[str, Any]:
    """The attribution with this source, its spans as texts."""
    for span in measure(text).spans:
        if (text[slice(*span["source"])] if span["source"] else None) == source:
            return {
                "cue": text[slice(*span["cue"])] if span["cue"] else None,
                "content": [text[a:b] for a, b in span["content"]],
                "kind": span["source_kind"],
                "resolved": span["resolved"],
            }
    raise AssertionError(f"no attribution with the source {source!r} in {text!r}")


BRIDGE = "The bridge was built in 1961. "


@pytest.mark.parametrize(
    ("text", "source", "cue", "kind"),
    [
        ("Police said the driver was unhurt.", "Police", "said", "organisation"),
        ("Critics say the city waited too long.", "Critics", "say", "vague"),
        ("Ellen Brandt said the bridge would stay closed.", "Ellen Brandt", "said", "named"),
        ("According to the Department of Transportation, repairs will cost $4 million.",
         "the Department of Transportation", "According to", "organisation"),
        ("The report found that twelve bolts were missing.", "The report", "found", "document"),
        ("Senior officials said the contract had been cancelled.", "Senior officials", "said", "anonymous"),
        ("“I will not resign,” Paula Reyes told reporters.", "Paula Reyes", "told", "named"),
    ],
)  # fmt: skip
def test_a_sentence_with_a_source(measure: Any, text: str, source: str, cue: str, kind: str) -> None:
    found = one(measure, BRIDGE + text, source)
    assert found["cue"].startswith(cue)
    assert found["kind"] == kind
    assert found["content"]


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("The steel is thought to be faulty.", "is thought to be", "faulty"),
        ("It is believed that the company knew about the cracks.", "It is believed that", "the company knew"),
        ("The firm has been accused of hiding the reports.", "has been accused of", "hiding"),
        ("Two workers are widely believed to have fled.", "are widely believed to have", "fled"),
    ],
)
def test_a_passive_that_names_nobody_is_vague(measure: Any, text: str, cue: str, content: str) -> None:
    found = one(measure, BRIDGE + text, None)
    assert found["cue"] == cue
    assert found["kind"] == "vague"
    assert any(content in piece for piece in found["content"])


def test_a_passive_that_names_somebody_is_not_vague(measure: Any) -> None:
    text = "The steel is believed by inspectors to be faulty."
    assert not [
        span for span in measure(text).spans if span["source"] is None and "believed" in text[slice(*span["cue"])]
    ]


def test_a_quotation_with_the_cue_in_its_middle_has_two_pieces(measure: Any) -> None:
    text = "“We cannot take that risk,” Ellen Brandt said, “and nobody should ask us to.”"
    content = one(measure, text, "Ellen Brandt")["content"]
    assert content == ["“We cannot take that risk,”", "“and nobody should ask us to.”"]


def test_what_follows_a_quotation_belongs_to_its_own_source(measure: Any) -> None:
    text = (
        "The bridge over the Lahn was closed on Monday. “We found a crack,” said Ana Ruiz, the chief engineer. Some "
        "1,200 lorries cross it every day, according to the office for roads. The repair will take four weeks."
    )
    assert one(measure, text, "Ana Ruiz, the chief engineer")["content"] == ["“We found a crack,”"]
    assert one(measure, text, "the office for roads")["content"] == ["Some 1,200 lorries cross it every day"]


@pytest.mark.parametrize("marks", ['""', "“”", "«»"])
def test_a_quotation_over_several_sentences_is_one_piece(measure: Any, marks: str) -> None:
    quotation = f"{marks[0]}The water rose. The doors broke. We had to leave the house at once,{marks[1]}"
    text = f"{BRIDGE}{quotation} Carl Mendes said."
    assert one(measure, text, "Carl Mendes")["content"] == [quotation]


def test_a_text_without_sources_has_none(measure: Any) -> None:
    signal = measure("The river runs through the town. The old mill is red. The road is wet in winter.")
    assert signal.value == 0
    assert signal.metrics["distinct_sources"] == 0


def test_nothing_to_read_is_not_measured(measure: Any) -> None:
    signal = measure("")
    assert signal.value is None
    assert not signal.features


def test_more_sources_more_share(measure: Any) -> None:
    plain = "The bridge is closed. The road is long. The repairs cost four million dollars."
    sourced = (
        "Ellen Brandt said the bridge is closed. The road is long. Police said the repairs cost four million dollars."
    )
    assert measure(sourced).value > measure(plain).value
    assert measure(sourced).metrics["distinct_sources"] == 2


def check(text: str, signal: Signal) -> None:
    """What must hold for any text: spans inside it, hulls that fit, no overlap within a role."""
    for span in signal.spans:
        pieces = [piece for piece in (span["source"], span["cue"], *span["content"]) if piece is not None]
        assert all(0 <= start < end <= len(text) for start, end in pieces)
        assert (span["start"], span["end"]) == (min(a for a, _ in pieces), max(b for _, b in pieces))
        assert span["source_kind"] in {"named", "organisation", "document", "anonymous", "vague"}
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(span["content"]))
    for role in ("source", "cue"):
        runs = sorted({tuple(span[role]) for span in signal.spans if span[role] is not None})
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(runs))


WORDS = [
    "Ellen Brandt", "she", "said", "told", "that", "“", "”", '"', "'", "’s", "«", "»", "police", "is believed to", ",",
    ".", "according to", "the report", "e\u0301", "\u200b", "\r\n", "\n\n", "\u00a0", "😀", "12,000", "many", "\u0338",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60), st.sampled_from([" ", "", "\u00a0"]))
def test_spans_fit_any_text(words: list[str], glue: str) -> None:
    text = glue.join(words)
    check(text, measured(text))


SENTENCES = "Ellen Brandt said the bridge would stay closed. “It is old,” she said. Critics say the city waited."


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.replace("a", "a\u0301"),
        lambda text: text.replace("i", "i\u200b"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("e", "\u0435"),  # Cyrillic
    ],
)
def test_disguised_letters_move_no_finding(measure: Any, disguise: Any) -> None:
    """The same evidence, exactly where it stands in the disguised text."""

    def evidence(text: str) -> list[tuple[str, str]]:
        return [(text[slice(*x["source"])], text[slice(*x["cue"])]) for x in measure(text).spans if x["source"]]

    changed = disguise(SENTENCES)
    plain = [(disguise(source), disguise(cue)) for source, cue in evidence(SENTENCES)]
    found = evidence(changed)
    assert [tuple(part.strip("\u200b") for part in pair) for pair in found] == [
        tuple(part.strip("\u200b") for part in pair) for pair in plain
    ]


@pytest.mark.parametrize("piece", ['"', "“", "'", "said he ", "word ", "A. ", "Ann and ", "“No,” she said. "])
def test_hostile_texts_cost_in_step_with_their_length(measure: Any, piece: str) -> None:
    """Twice the text takes about twice the processor's time: four times is the mark of a squared cost.

    One of eight rounds has to show it, since the machine has others to serve: what costs a square shows it in none.
    """

    def seconds(text: str) -> float:
        begun = time.process_time()
        check(text, measure(text))
        return time.process_time() - begun

    length = 100_000 if len(piece) == 1 else 500_000
    text = piece * (length // len(piece))
    rounds = ((seconds(text[: len(text) // 2]), seconds(text)) for _ in range(8))
    assert any(whole < 3.2 * half for half, whole in rounds)


def test_quotations_of_every_kind_are_told_from_apostrophes(measure: Any) -> None:
    for opened, closed in ("“”", '""', "«»", "‘’", "''"):
        quotation = f"{opened}We can’t take that risk any longer,{closed}"
        assert one(measure, f"{BRIDGE}{quotation} Ellen Brandt said.", "Ellen Brandt")["content"] == [quotation]


def test_a_quotation_over_paragraphs_is_its_speakers(measure: Any) -> None:
    """Each paragraph opens the quotation anew, only the last closes it."""
    text = f"{BRIDGE}Ellen Brandt said: “The river is high.\n\n“It will rise again tonight.”"
    content = one(measure, text, "Ellen Brandt")["content"]
    assert any("The river is high" in piece for piece in content)


def test_what_ascribes_nothing_is_not_shown(measure: Any) -> None:
    """A source and a cue with nothing said are no evidence of anything."""
    for span in measure(SENTENCES * 3).spans:
        assert span["content"]


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("Asked about the leak, Ellen Brandt said the dam holds.", ["Ellen Brandt"]),
        ("When asked why, Ellen Brandt said the dam holds.", ["Ellen Brandt"]),
        ("The dam leaks. That said, Ellen Brandt believes that it will hold.", ["Ellen Brandt"]),
    ],
)
def test_what_only_leads_to_a_statement_is_none(measure: Any, text: str, sources: list[str]) -> None:
    spans = measure(text).spans
    assert [text[slice(*span["source"])] for span in spans] == sources
    assert all("said" in text[slice(*span["cue"])] or "believes" in text[slice(*span["cue"])] for span in spans)


@pytest.mark.parametrize("missing", ["floor", "cue_heads"])
def test_a_model_of_an_older_version_is_refused_with_a_reason(scorer: Scorer, missing: str) -> None:
    model = scorer.model
    part = model.part("attribution")
    older = Part(part.name, part.arrays, {name: value for name, value in part.meta.items() if name != missing})
    with pytest.raises(ModelError, match=f"no '{missing}'"):
        Reading(older, Lexicon(model.part("lexicon").meta["words"]))


def test_a_table_of_another_shape_is_refused(scorer: Scorer) -> None:
    model = scorer.model
    part = model.part("attribution")
    flat = Part(part.name, {**part.arrays, "link_content": part.arrays["link_content"].ravel()}, part.meta)
    with pytest.raises(ModelError, match="other shapes"):
        Reading(flat, Lexicon(model.part("lexicon").meta["words"]))
