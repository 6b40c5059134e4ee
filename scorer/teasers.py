"""What a link is (inline, navigation, teaser), by a small linear model, and what its features are made of.

Every link becomes a set of named features; a model is one weight a name. The names speak of structure (elements above
the link, position, company) and of the wording; what a teaser has in common with the article stands in
scorer/relation.py, whether it lures in scorer/bait.py. Learned by training/links.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from scorer.bait import WORD, Features, bucket, lists
from scorer.domains import path_of, registrable
from scorer.lines import label_of
from scorer.page import Page
from scorer.page_links import Link
from scorer.relation import Topic, Wording, company_of, list_names, relation_features

POSITIONS = (-0.5, -0.02, 0.0001, 0.3, 0.9, 0.99999, 1.05, 1.3, 1.7)
ORDERS = (0.1, 0.3, 0.5, 0.7, 0.9)
SHARES = (0.05, 0.15, 0.3, 0.5, 0.8, 0.95)
"""Borders of what a link's place in the page, among its links and in its block is told by."""

_SLUG = re.compile(r"[a-z]{2,}|\d+")
_DATE = re.compile(r"/(?:19|20)\d\d/|\d{4}-\d\d-\d\d|/\d{6,}|\d{6,}")


def kind_features(link: Link, title: str, slug_words: frozenset[str], same_house: bool | None) -> Features:
    """Structure of a link: what the kind is told by. `title` is the page's, in lower case."""
    names = own_names(link, title, slug_words, same_house) | surrounding_names(link.near, link.far, link.heading)
    return dict.fromkeys(names, 1.0)


@lru_cache(4_096)
def surrounding_names(near: tuple[str, ...], far: tuple[str, ...], heading: str) -> frozenset[str]:
    """Features of what stands above a link, which the links of a list have in common."""
    label = label_of(heading) if heading else None
    names = {"near:" + name for name in near} | {"far:" + name for name in far}
    return frozenset(names | {f"label={label}"} | {"heading:" + word.lower() for word in WORD.findall(heading)[:8]})


def own_names(link: Link, title: str, slug_words: frozenset[str], same_house: bool | None) -> set[str]:
    """Features of a link by itself: its text, its target, its place, its company."""
    return {name for piece in own_pieces(link, title, slug_words, same_house) for name in piece}


Piece = tuple[str, ...]
"""Names that go together: no name is in two pieces of a link, and few pieces exist, so that sums can be remembered."""


def own_pieces(link: Link, title: str, slug_words: frozenset[str], same_house: bool | None) -> list[Piece]:
    """The names of `own_names` in pieces."""
    text = link.text
    lowered = text.lower()
    short = bucket("words", link.words, (3, 5, 8))
    own = set(_SLUG.findall(lowered))
    agreed = len(own & slug_words)
    named = bool(own) and 2 * agreed >= len(own)  # the target is called like the text
    pieces = [
        _shape(link.place, link.words, link.in_heading, link.has_image, link.contact, same_house),
        _standing(bucket("position", link.position, POSITIONS), short),
        (bucket("order", link.order, ORDERS),),
        _company(link.group_links, link.group_characters, short),
        (
            bucket("share", len(text) / max(1, link.block_characters), SHARES),
            bucket("block", link.block_characters, (20, 40, 80, 150, 300, 600)),
            bucket("block_links", link.block_links, (2, 3, 5, 10)),
        ),
        _target(link.href),
        (f"named={named}&{short}", f"named={named}&{link.place}"),
        _wording(text, short),
    ]
    if own and slug_words:
        pieces.append((bucket("slug_agreement", agreed / len(own), (0.01, 0.3, 0.6, 0.9)),))
    if title and (lowered == title or (len(title) > 20 and title in lowered)):
        pieces.append(("is_title",))
    if text.isupper():
        pieces.append(("upper",))
    if text[:1].islower():
        pieces.append(("starts_lower",))
    if text[-1:] in ".?!…":
        pieces.append(("ends=" + text[-1],))
    if link.words <= 4:
        pieces.extend(("word:" + word,) for word in set(WORD.findall(lowered)))
    return pieces


@lru_cache(4_096)
def _shape(place: str, words: int, in_heading: bool, has_image: bool, contact: bool, same_house: bool | None) -> Piece:
    length = bucket("words", words, (1, 2, 3, 4, 5, 6, 8, 11, 16, 25))
    names = ["bias", "place=" + place, length, f"{place}&{length}"]
    if in_heading:
        names += ["in_heading", f"in_heading&{bucket('words', words, (3, 5))}"]
    if has_image:
        names.append("image")
    if contact:
        names.append("contact")
    names.append("same_house" if same_house else "other_house" if same_house is False else "unknown_house")
    return tuple(names)


@lru_cache(4_096)
def _standing(where: str, short: str) -> Piece:
    return where, f"{where}&{short}"


@lru_cache(4_096)
def _company(links: int, characters: int, short: str) -> Piece:
    company = bucket("company", characters / max(1, links), (8, 12, 18, 25, 35, 50, 70, 100))
    return bucket("group", links, (2, 4, 5, 7, 10, 15, 25, 50, 100)), company, f"{company}&{short}"


def _target(href: str) -> Piece:
    """Where a link leads."""
    table = lists()
    names = []
    if href.startswith("#") or any(target in href for target in table["share_targets"]):
        names.append("share_target")
    if "#" in href:
        names.append("fragment")
    path = path_of(href)
    folders = path.lower().strip("/").split("/")
    if not table["topic_folders"].isdisjoint(folders[:-1] if len(folders) > 1 else folders):
        names.append("topic_target")
    bare = path.rstrip("/")
    last = bare.rsplit("/", 1)[-1]
    names.append(bucket("slug", last.count("-") + last.count("_"), (1, 2, 3, 4, 6)))
    names.append(bucket("depth", bare.count("/"), (1, 2, 3, 4, 5)))
    if _DATE.search(path):
        names.append("dated_target")
    return tuple(names)


def _wording(text: str, length: str) -> Piece:
    """How much a text reads like a headline: function words and capitals, told apart by length."""
    written = WORD.findall(text)
    known = lists()["function_words"]
    functions = capitals = 0
    for word in written:
        functions += word.lower() in known
        capitals += word[0].isupper()
    total = max(1, len(written))
    return (
        bucket("functions", functions, (1, 2, 3, 5)),
        bucket("function_share", functions / total, (0.01, 0.2, 0.35)),
        f"{bucket('capitals', capitals / total, (0.2, 0.5, 0.8, 1.0))}&{length}",
    )


def slug_words(href: str) -> frozenset[str]:
    """Lower-case words of a target's path."""
    return frozenset(_SLUG.findall(path_of(href).lower()))


def probability(log_odds: float) -> float:
    """Logistic function, safe at both ends."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


class LinkContext(NamedTuple):
    """A link with what its features are made of."""

    link: Link
    title: str
    same_house: bool | None
    topic: Topic
    wording: Wording
    company: Mapping[str, float]

    def kind(self) -> Features:
        """Features of the kind model."""
        return kind_features(self.link, self.title, slug_words(self.link.href), self.same_house)

    def related(self) -> Features:
        """Features of the relation model."""
        shared = relation_features(self.link.text, self.topic, self.wording, self.company)
        return shared | dict.fromkeys(list_names(self.link.near, self.link.far, self.link.heading), 1.0)


def link_contexts(page: Page, topic: Topic, wording: Wording) -> Iterator[LinkContext]:
    """Every link of a page with its context, in order; each is made when it is asked for."""
    house = registrable(page.url)
    title = page.title.lower()
    company = company_of(link.text for link in page.links if link.words >= 5)
    for link in page.links:
        target = registrable(link.href) if "//" in link.href[:12] else house
        same = None if house is None or target is None else target == house
        yield LinkContext(link, title, same, topic, wording, company)
