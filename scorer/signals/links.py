"""Teasers around the article (advertised pieces: related or not, bait or not), and what the article itself cites."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from scorer import kernel
from scorer.bait import Bait, score
from scorer.document import Document
from scorer.domains import host_of, registrable, resolve
from scorer.findings import Signal
from scorer.lexicon import Lexicon
from scorer.page import Page
from scorer.page_links import Link
from scorer.relation import Topic, Wording, company_of, relation_features, topic_of
from scorer.store import Model
from scorer.teasers import LinkContext, link_contexts, own_pieces, probability, surrounding_names

NAME = "links"

MAX_TEASERS = 200
"""Teasers reported an article."""

MIN_WORDS = 2
"""A link of fewer words is navigation: it has no room to advertise anything."""

KINDS = ("inline", "nav", "teaser")

MIN_WIDGET_WORDS = 4
"""A link of so many words in a recommendation widget is a teaser; shorter ones are its credits and settings."""

DEAD_SCHEMES = ("ftp:", "gopher:", "news:", "nntp:", "telnet:", "wais:", "file:", "about:", "feed:")
"""Schemes that browsers have given up, or never follow from a page: a citation that no reader can check."""

FLAGGED_CAP = 5
"""Flagged teasers past this one add nothing to the feature."""

CITED_CAP = 5
ADS_CAP = 50
_MOST_FLAGGED, _MOST_ADS = math.log1p(FLAGGED_CAP), math.log1p(ADS_CAP)

PRIOR_WEIGHTS: Mapping[str, float] = {"flagged_teasers": 0.5, "ads": 0.1, "cited_domains": -0.15}
"""Log-odds a unit of each feature (0, nothing found, to 1), argued in docs/signals/links.md: no corpus with both tiers
holds pages, so they cannot be fitted. Bounded: all together within -0.15 and +0.6."""

PRIOR_BOUNDS = (-0.15, 0.6)
"""Least and most that the prior weights together add to the log-odds."""

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'()\[\]{}]{3,2000}", re.IGNORECASE)

Teaser = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Houses:
    advertising: frozenset[str]
    widgets: frozenset[str]
    widget_names: frozenset[str]
    primary: tuple[str, ...]


@cache
def _houses() -> _Houses:
    table = json.loads((resources.files("scorer.signals") / "links.json").read_text(encoding="utf-8"))
    widgets = frozenset(table["widgets"])
    return _Houses(
        widgets | frozenset(table["networks"]),
        widgets,
        frozenset(table["widget_names"]),
        tuple(table["primary_suffixes"]),
    )


@dataclass(frozen=True, slots=True)
class _Citations:
    links: int = 0
    domains: int = 0
    primary: int = 0
    own: int = 0
    dead: int = 0


_NO_CITATIONS = _Citations()


class _Judge:
    """The learned part, opened when the first teaser or page is met."""

    def __init__(self, model: Model) -> None:
        part = model.part(NAME)
        kinds: Mapping[str, Mapping[str, float]] = part.meta["kinds"]
        names = {name for weights in kinds.values() for name in weights}
        self.kinds = {name: tuple(kinds[kind].get(name, 0.0) for kind in KINDS) for name in names}
        self.above = lru_cache(4_096)(lambda near, far, heading: self._odds(surrounding_names(near, far, heading)))
        self.own = lru_cache(4_096)(lambda piece: self._odds(piece.split()))
        self.related: Mapping[str, float] = part.meta["related"]
        self.bait = Bait(part.meta["bait"])
        words = Lexicon(model.part("lexicon").meta["words"])
        self.wording = Wording(words.id_of, part.arrays["idf"])

    def _odds(self, names: Iterable[str]) -> tuple[float, ...]:
        """Sums of weights, one a kind."""
        known = [weights for name in names if (weights := self.kinds.get(name)) is not None]
        return tuple(map(sum, zip(*known, strict=True))) if known else (0.0,) * len(KINDS)

    def is_teaser(self, context: LinkContext) -> bool:
        """Whether a link is a teaser, not inline or navigation. What stands above it is summed up once a list."""
        link = context.link
        above = self.above(link.near, link.far, link.heading)
        pieces = own_pieces(link, context.title, context.same_house)
        odds = list(map(sum, zip(above, *map(self.own, pieces), strict=True)))
        top = max(odds)
        powers = [math.exp(value - top) for value in odds]
        return powers[-1] >= 0.5 * sum(powers)

    def teaser(self, text: str, href: str | None, related: float, promoted: bool = False) -> Teaser:
        """One teaser as it stands in the answer."""
        bait = probability(self.bait.log_odds(text))
        flagged = related < 0.5 and (bait >= 0.5 or promoted)
        return {"text": text, "href": href, "related": round(related, 4), "bait": round(bait, 4), "flagged": flagged}


def build(model: Model) -> Callable[[Document, Mapping[str, Signal]], Signal]:
    """Return the measure. Its value is the share of teasers that are flagged; None where no teaser was found."""
    part = model.part(NAME)  # a model without it is refused at the start, not at the first page
    del part

    @cache
    def judge() -> _Judge:
        return _Judge(model)

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        page = document.page
        own = registrable(document.article.url) or registrable(document.article.source)
        ads = None
        if page is not None:
            own = registrable(page.url) or own
            teasers = _page_teasers(document, page, judge())
            hrefs = [link.href for link in page.links if link.place == "body"]
            cited = replace(_citations([resolve(page.url, href) for href in hrefs], own), dead=sum(map(is_dead, hrefs)))
            ads = _ads(page)
        else:
            teasers = _tail_teasers(document, judge) if document.layout.tail else []
            urls = addresses(document.content.text, document.body.start, document.body.end)
            cited = _citations(urls, own)
        return _signal(teasers, cited, ads)

    return measure


def addresses(text: str, start: int, end: int) -> list[str]:
    """The addresses in a part of a text, none of them where the whole text has none in small letters."""
    places = None if kernel.native is None else kernel.native.addresses(text, start, end)
    if places == [] or not ("www." in text or "http" in text):
        return []
    if places is None:
        return _URL.findall(text, start, end)
    found, reached = [], start
    for at in places:
        match = _URL.match(text, at, end) if at >= reached else None
        if match is not None:
            found.append(match.group())
            reached = match.end()
    return found


def _signal(teasers: Sequence[Teaser], cited: _Citations, ads: int | None) -> Signal:
    unrelated = sum([teaser["related"] < 0.5 for teaser in teasers])
    flagged = sum([teaser["flagged"] for teaser in teasers])
    metrics = {
        "teasers": len(teasers),
        "unrelated": unrelated,
        "flagged": flagged,
        "citations": cited.links,
        "cited_domains": cited.domains,
        "primary": cited.primary,
        "own_citations": cited.own,
        "dead_citations": cited.dead,
        "ads": ads,
    }
    features = {
        "flagged_teasers": math.log1p(min(flagged, FLAGGED_CAP)) / _MOST_FLAGGED,
        "cited_domains": min(cited.domains, CITED_CAP) / CITED_CAP,
        "ads": math.log1p(min(ads or 0, ADS_CAP)) / _MOST_ADS,
    }
    measured = bool(teasers) or cited.links > 0 or ads is not None
    return Signal(
        NAME,
        flagged / len(teasers) if teasers else None,
        _summary(len(teasers), unrelated, flagged, cited),
        metrics=metrics,
        features=features if measured else {},
        extra={"teasers": list(teasers)},
    )


def _summary(teasers: int, unrelated: int, flagged: int, cited: _Citations) -> str:
    if not teasers and not cited.links:
        return "no teasers around the text, no links in it"
    sites = f"{cited.domains} other site{'s' * (cited.domains != 1)}"
    outbound = f"{cited.links} link{'s' * (cited.links != 1)} in the text to {sites}"
    if not teasers:
        return f"no teasers around the text; {outbound}"
    around = f"{unrelated} of {teasers} teaser{'s' * (teasers != 1)} around the text unrelated to it, {flagged} flagged"
    return f"{around}; {outbound}" if cited.links else around


def _page_teasers(document: Document, page: Page, judge: _Judge) -> list[Teaser]:
    topic = topic_of(document.title, document.body)
    found: dict[str, Teaser] = {}
    for context in link_contexts(page, topic, judge.wording, MIN_WORDS):
        link = context.link
        if len(found) >= MAX_TEASERS:
            break
        if link.text in found or not (in_widget(link) or judge.is_teaser(context)):
            continue
        related = probability(score(context.related(), judge.related))
        found[link.text] = judge.teaser(link.text, resolve(page.url, link.href), related)
    return list(found.values())


def in_widget(link: Link) -> bool:
    """Whether a link is a piece that a recommendation widget or advertising network puts on the page: told by where it
    leads and by the names of the elements above it, for pages saved with their widgets filled are rare to learn from.
    """
    if link.words < MIN_WIDGET_WORDS or link.place == "body":
        return False
    houses = _houses()
    if not houses.widget_names.isdisjoint(link.near) or not houses.widget_names.isdisjoint(link.far):
        return True
    return "//" in link.href[:12] and registrable(link.href) in houses.widgets


def _tail_teasers(document: Document, judge: Callable[[], _Judge]) -> list[Teaser]:
    lines = [line for line in document.layout.tail if line.kind == "teaser"][:MAX_TEASERS]
    if not lines:
        return []
    model = judge()
    topic: Topic = topic_of(document.title, document.body)
    texts = [document.content.text[line.start : line.end] for line in lines]
    company = company_of(texts)
    found = []
    for line, text in zip(lines, texts, strict=True):
        span = document.content.span(line.start, line.end)
        raw = document.text[span.start : span.end]
        related = probability(score(relation_features(text, topic, model.wording, company), model.related))
        found.append(
            {**model.teaser(text, None, related, line.promoted), "text": raw, "start": span.start, "end": span.end}
        )
    return found


def _citations(urls: Sequence[str | None], own: str | None) -> _Citations:
    """Links to other houses than the article's own, advertising aside."""
    if not urls:
        return _NO_CITATIONS
    houses = _houses()
    links = primary = to_own = 0
    domains = set()
    for url in urls:
        domain = registrable(url)
        to_own += domain is not None and domain == own
        if url is None or domain is None or domain == own or domain in houses.advertising:
            continue
        links += 1
        domains.add(domain)
        host = "." + (host_of(url) or "")
        primary += host.endswith(tuple("." + suffix for suffix in houses.primary)) or url.split("?")[0].endswith(".pdf")
    return _Citations(links, len(domains), primary, to_own)


def is_dead(href: str) -> bool:
    """Whether a link names a scheme that no browser follows from a page any more."""
    return href[:12].lower().lstrip().startswith(DEAD_SCHEMES)


def _ads(page: Page) -> int:
    """Links and embedded frames or scripts that lead to an advertising network or a recommendation widget."""
    advertising = _houses().advertising
    addresses = [link.href for link in page.links if "//" in link.href[:12]] + list(page.frames)
    return sum(registrable(address) in advertising for address in addresses)
