"""What must hold for any text: the answer adds up, evidence lies in the text, the same text gets the same answer."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import Article, Scorer

# Sentences that set every signal to work, glued together with whatever hypothesis makes up.
SENTENCES = (
    "Mayor Ana Brook said on Tuesday that 1,200 homes had lost power. ",
    "The outage could last three days, according to a report by the grid agency. ",
    "“Nobody told us,” one resident said, “and nobody came.”\n\n",
    "Critics say the plan is an outrageous, shameful betrayal! ",
    "It is thought that about £3.5bn, if confirmed, would be needed — or 12-15% of the budget. ",
    "You won’t BELIEVE what happens next?! ",
    "Read more\n",
    "\nComments\n\nPopular posts from this blog\n\nSinger Shows Off New Dress And Fans Cannot Look Away\n",
    "e\u0301\u200bx\u00adample \U0001f30d\r\n",
    "Тhе mауоr ѕаіd nоthіng. ",
)
TEXTS = st.lists(st.one_of(st.sampled_from(SENTENCES), st.text(max_size=60)), max_size=40).map("".join)
EVERY_TEXT = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    """The published JSON Schema of an answer."""
    published = resources.files("scorer").joinpath("schema", "assessment.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(published))


@EVERY_TEXT
@given(title=st.text(max_size=80), text=TEXTS)
def test_contributions_add_up_to_the_risk(scorer: Scorer, title: str, text: str) -> None:
    found = scorer.score(Article(title=title, text=text)).to_dict()
    if found["risk"] is None:
        assert found["abstained"]
        assert found["reliability"] is None
        assert found["interval"] is None
        assert found["label"] == "insufficient_evidence"
        return
    total = found["base"] + found["text_model"]["contribution"] + sum(s["contribution"] for s in found["signals"])
    assert math.isclose(total, math.log(found["risk"] / (1 - found["risk"])), abs_tol=1e-9)
    low, high = found["interval"]
    assert 0 < low <= found["risk"] <= high < 1
    assert found["reliability"] == round(100 * (1 - found["risk"]))


@EVERY_TEXT
@given(title=st.text(max_size=80), text=TEXTS)
def test_evidence_lies_in_the_text_in_order(scorer: Scorer, title: str, text: str) -> None:
    found = scorer.score(Article(title=title, text=text)).to_dict()
    for signal in found["signals"]:
        marked = (title or text) if signal["name"] == "headline" else text
        starts = [span["start"] for span in signal.get("spans", [])]
        assert starts == sorted(starts), signal["name"]
        for start, end in _pieces(signal.get("spans", [])):
            assert 0 <= start < end <= len(marked), (signal["name"], start, end)


@EVERY_TEXT
@given(title=st.text(max_size=80), text=TEXTS)
def test_the_answer_fits_its_schema_and_is_the_same_twice(
    scorer: Scorer, schema: jsonschema.Draft202012Validator, title: str, text: str
) -> None:
    article = Article(title=title, text=text, id="1")
    answer = scorer.score(article).to_json()
    schema.validate(json.loads(answer))
    assert answer == scorer.score(article).to_json()


def _pieces(spans: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    for span in spans:
        yield span["start"], span["end"]
        for role in ("source", "cue"):
            if span.get(role):
                yield tuple(span[role])
        yield from (tuple(piece) for piece in span.get("content") or [])


HOSTILE = {
    "quotation marks": "“\"”'",
    "one long sentence": "and the dam held, he said, ",
    "digits": "1",
    "digit groups": "1,000",
    "open brackets": "([{<",
    "blank lines": "\n",
    "one long word": "a",
    "combining marks": "e\u0301\u0301\u0301\u0301",
    "short lines": "Read more\n",
    "tags as text": "<div>",
    "full stops": ".",
    "abbreviations": "U.S. ",
    "spaced letters": "s h a m e ",
    "hedges": "may could might reportedly ",
    "names": "Ana Brook Ilsa Brandt ",
}
SHORT, TIMES = 10_000, 8


@pytest.mark.parametrize("kind", HOSTILE)
def test_eight_times_the_text_costs_about_eight_times_the_work(scorer: Scorer, kind: str) -> None:
    """Quadratic work would take sixty-four times as long; processor time, the best of three, with room for noise."""
    unit = HOSTILE[kind]
    text = (unit * SHORT)[: SHORT * TIMES]
    short, long = (min(_work(scorer, text[:size]) for _ in range(3)) for size in (SHORT, SHORT * TIMES))
    assert long < 3 * TIMES * short + 0.05


def _work(scorer: Scorer, text: str) -> float:
    start = time.process_time()
    scorer.score(Article(title="A headline", text=text)).to_json()
    return time.process_time() - start


def test_every_signal_of_a_bare_headline_is_answered(scorer: Scorer) -> None:
    found = scorer.score(Article(title="You Won't Believe What This Mayor Did Next")).to_dict()
    assert found["abstained"] == "too_short"
    assert next(s for s in found["signals"] if s["name"] == "headline")["value"] is not None


def test_a_whole_article_fits_the_schema(scorer: Scorer, schema: jsonschema.Draft202012Validator, golden: Path) -> None:
    title, _, body = (golden / "dam.txt").read_text(encoding="utf-8").partition("\n\n")
    schema.validate(json.loads(scorer.score(Article(title=title, text=body, id="dam")).to_json()))
