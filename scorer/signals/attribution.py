"""Who says what: attributions with source, cue and content, and how an article leans on them.

The value is the share of the body's sentences that an attribution with a source touches. Attribution separates
reporting from assertion; anonymous and vague sources are told apart because they carry less weight with a reader
(docs/signals/attribution.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from scorer import kernel
from scorer.agents import rules
from scorer.assembly import Link, hull_of
from scorer.attribution_links import Reading
from scorer.certainty import CLEAR, Certainty, Whole, is_whole
from scorer.document import Document
from scorer.findings import Finding, Signal
from scorer.lexicon import Lexicon
from scorer.mentions import FIRST_PERSON, KINDS, Described, describe, describer, parts
from scorer.quotes import Quotation
from scorer.signatures import DASHES, signatures
from scorer.source_kinds import PLACES, SourceKinds
from scorer.sourcing import Sourcing
from scorer.store import Model, Part
from scorer.tagger import Run, Tagged
from scorer.text import Text

NAME = "attribution"

METRICS = (
    "attributed_share",
    "per_100_words",
    "distinct_sources",
    "named_share",
    "anonymous_share",
    "vague_share",
    "quoted_share",
)

COUNTED, UNCLEAR, WRITER = range(3)
"""How an attribution stands: it counts; it may well be none (`scorer.certainty.CLEAR`); the writer speaks, who is no
source."""

STANDINGS = ("counted", "unclear", "writer")
"""The same as it is told."""

STANDING_IN_WORDS = ("", "; unclear, not counted", "; the writer's own voice, not counted")

Measure = Callable[[Document, Mapping[str, Signal]], Signal]


def build(model: Model) -> Measure:
    """Return the measure of a model; raises `ModelError` where the model has no part of this name."""
    return build_part(model.part(NAME), Lexicon(model.part("lexicon").meta["words"]), model.part("sources"))


def build_part(part: Part, lexicon: Lexicon, sources: Part) -> Measure:
    """Return the measure for learned parts that may not belong to a finished model yet."""
    attributions = Attributions(part, lexicon, sources)

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        if not len(document.body.words):
            return Signal(NAME, None, "there is no text to read")
        return attributions.signal(document.body)

    return measure


class Judged(NamedTuple):
    """Links with what is known of them.

    Attributes:
        described: kind and fuller name of each source.
        confidence: the chance that a link ascribes something, 0 to 1; None where it has no source, or one that stands
            behind its cue as the rules want it (`is_ruled`).
        standing: COUNTED, UNCLEAR or WRITER.
    """

    links: Sequence[Link]
    described: Mapping[Run, Described]
    confidence: Sequence[float | None]
    standing: Sequence[int]


class Attributions(Reading):
    """Text -> the signal, with how sure each attribution is and of what kind its source."""

    def __init__(self, part: Part, lexicon: Lexicon, sources: Part) -> None:
        super().__init__(part, lexicon)
        self.judge = Judge(Certainty.of(sources), SourceKinds.of(sources, lexicon))

    def signal(self, text: Text) -> Signal:
        """The signal for a text of at least one token."""
        tags = self.tagger.tag_for_kernel(text)
        return report(text, tags, self.told(text, tags))

    def told(self, text: Text, tags: Tagged) -> Told:
        """Findings and counts; the kernel makes no links of Python's where nothing else asks for them."""
        signed = signatures(text, tags.quotations)
        if signed:
            return self.judge.told(text, tags, self.beside(text, tags, signed))
        if kernel.native is None:
            return self.judge.told(text, tags, self.tied(text, tags))
        return self.judge.of_kernel(text, tags, self.given(text, tags))


Told = tuple[list[Finding], tuple[int, ...], int, int, int, int, int]
"""Findings in order of where they stand; how many that count have a source of each of KINDS, those without one among
the vague; different sources; sentences that one with a source touches; words; how many have a source; of those, the
ones whose content holds words of a quotation."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Links -> what is told of them."""

    certainty: Certainty
    kinds: SourceKinds
    weights: tuple[Any, ...] = field(init=False, repr=False, compare=False)
    """Of both, as the kernel takes them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", (self.certainty.weights(), self.kinds.weights()))

    def told(self, text: Text, tags: Tagged, links: Sequence[Link]) -> Told:
        """Findings and counts for a text of at least one token."""
        if kernel.native is None:
            return _told(text, tags.quotations, self.judged(text, tags, links))
        return self.of_kernel(text, tags, list(links))

    def of_kernel(self, text: Text, tags: Tagged, links: list[Link] | tuple[Any, ...]) -> Told:
        """The same from the kernel, of links or of what it finds them by (`Reading.given`)."""
        found: Told = kernel.native.attributions(
            describer(), parts(text), text.caller_starts, text.caller_ends, tags.scores, tags.quotations, links,
            _ruled_words(), *self.weights,
        )  # fmt: skip
        return found

    def judged(self, text: Text, tags: Tagged, links: Sequence[Link]) -> Judged:
        """What is known of the links' sources and of the links."""
        sources = sorted({link.source for link in links if link.source is not None})
        by_rule = describe(text, sources, tags.quotations)
        kinds = {source: PLACES[one.kind] for source, one in zip(sources, by_rule, strict=True)}
        described = self.kinds.named(text, sources, by_rule)
        return Judged(links, described, *standing(self.certainty, text, tags, links, kinds, described))


Standing = tuple[Sequence[float | None], Sequence[int]]
"""The confidence of each link and how it stands, as in `Judged`."""


def standing(
    certainty: Certainty,
    text: Text,
    tags: Tagged,
    links: Sequence[Link],
    kinds: Mapping[Run, int],
    described: Mapping[Run, Described],
) -> Standing:
    """How sure each link is, and how it stands; `kinds` are those of the sources by rule, places in KINDS."""
    told = {n: link for n, link in enumerate(links) if is_whole(link) and not is_ruled(text, link)}
    chances = certainty.chances(text, tags, list(told.values()), [kinds[one.source] for one in told.values()])
    confidence: list[float | None] = [None] * len(links)
    for number, chance in zip(told, chances, strict=True):
        confidence[number] = round(chance, 2)
    writers = _writers(described, tags.quotations)
    stands = [
        UNCLEAR
        if (chance is not None and chance < CLEAR) or _is_letter(text, link)
        else WRITER
        if link.source in writers
        else COUNTED
        for link, chance in zip(links, confidence, strict=True)
    ]
    return confidence, stands


@cache
def _ruled_words() -> tuple[frozenset[str], frozenset[str]]:
    return rules()["from"], _claiming()


@cache
def _claiming() -> frozenset[str]:
    """Words that claim, and behind which who claims it may stand."""
    words: frozenset[str] = rules()["claims"] | rules()["participles"]
    return words


def is_ruled(text: Text, link: Whole) -> bool:
    """Whether a source stands behind its cue as the rules of `scorer.agents` want it ("reports from the agency"), or
    signs ("— Ann Bly").
    """
    source, cue = link.source, link.cue
    if source[0] == cue[1] and text.tokens[cue[0]] in DASHES:
        return True
    return (
        source[0] - cue[1] == 1
        and text.tokens[cue[1]].lower() in rules()["from"]
        and text.tokens[cue[1] - 1].lower() in _claiming()
    )


def _is_letter(text: Text, link: Link) -> bool:
    """Whether the source is the "Q" or "A" of an interview, which is nobody's name."""
    if link.source is None or link.source[1] - link.source[0] > 1:
        return False
    token = text.tokens[link.source[0]]
    return len(token) == 1 and token.isalpha() and token not in ("I", "i")


def _writers(described: Mapping[Run, Described], quotations: Sequence[Quotation]) -> set[Run]:
    """Sources that are the writer: "I" and "we" outside quotations."""
    own = [source for source, one in described.items() if one.key == FIRST_PERSON]
    if not own:
        return set()
    inside = bytearray(max(last for _, last in own))
    for first, last, _ in quotations:
        inside[first:last] = b"\1" * (min(last, len(inside)) - min(first, len(inside)))
    return {source for source in own if not inside[source[0]]}


def report(text: Text, tags: Tagged, told: Told) -> Signal:
    """The signal for a text of at least one token."""
    spans, kinds, sources, attributed, words, sourced, quoting = told
    by_kind, sentences = dict(zip(KINDS, kinds, strict=True)), len(text.sentences)
    features = Sourcing(by_kind, sum(kinds) - sourced, quoting, sources, attributed, sentences, words).features()
    metrics = {"distinct_sources": sources, **features}
    return Signal(
        name=NAME,
        value=features["attributed_share"],
        summary=f"{attributed} of {sentences} sentences attribute what they say",
        metrics={name: metrics[name] for name in METRICS},
        spans=spans,
        features=features,
        working={
            "scores": tags.scores,
            "quotations": (tags.quotations[: tags.doubles], tags.quotations[tags.doubles :]),
        },
    )


def _told(text: Text, quotations: Sequence[Quotation], judged: Judged) -> Told:
    hulls = [hull_of(link) for link in judged.links]
    every = list(zip(judged.links, hulls, judged.confidence, judged.standing, strict=True))
    spans = [_finding(text, link, hull, judged.described, sure, stands) for link, hull, sure, stands in every]
    counted = [(link, hull) for link, hull, _, stands in every if link.source is not None and stands == COUNTED]
    inside = bytearray(len(text.words))
    for first, last, _ in quotations:
        inside[first:last] = b"\1" * (last - first)
    touched = np.zeros(len(text.words) + 1, dtype=np.int32)
    np.add.at(touched, [first for _, (first, _) in counted], 1)
    np.subtract.at(touched, [last for _, (_, last) in counted], 1)
    covered = np.add.reduceat((np.cumsum(touched[:-1]) > 0).astype(np.int32), text.sentence_tokens[:-1]) > 0
    words = int((text.shapes <= 7).sum() + (text.shapes == 13).sum())
    quoting = sum(any(inside.find(1, *run) >= 0 for run in link.content) for link, _ in counted)
    kinds = [span["source_kind"] for span, stands in zip(spans, judged.standing, strict=True) if stands == COUNTED]
    counts = tuple(map(kinds.count, KINDS))
    sources = len({judged.described[link.source].key for link, _ in counted if link.source is not None})
    spans.sort(key=itemgetter("start", "end"))
    return spans, counts, sources, int(covered.sum()), words, len(counted), quoting


def _finding(
    text: Text, link: Link, hull: Run, described: Mapping[Run, Described], confidence: float | None, standing: int
) -> Finding:
    starts, ends = text.caller_starts, text.caller_ends
    source, cue = link.source, link.cue
    kind, resolved = "vague", None
    if source is not None:
        kind, resolved, _ = described[source]
    return {
        "start": starts[hull[0]],
        "end": ends[hull[1] - 1],
        "kind": "attribution",
        "source": [starts[source[0]], ends[source[1] - 1]] if source is not None else None,
        "cue": [starts[cue[0]], ends[cue[1] - 1]] if cue is not None else None,
        "content": [[starts[first], ends[last - 1]] for first, last in link.content],
        "source_kind": kind,
        "resolved": resolved,
        "confidence": confidence,
        "standing": STANDINGS[standing],
        "why": _why(text, link, kind) + STANDING_IN_WORDS[standing],
    }


def _why(text: Text, link: Link, kind: str) -> str:
    cue = " ".join(text.tokens[slice(*link.cue)]) if link.cue is not None else ""
    if link.source is None:
        return f"cue '{cue}', nobody is named as its source"
    return f"cue '{cue}', source read as {kind}"
