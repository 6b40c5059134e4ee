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

from scorer.bait import WORD, Buckets, Features, lists
from scorer.domains import path_of, registrable
from scorer.lines import label_of
from scorer.page import Page
from scorer.page_links import Link
from scorer.relation import Topic, Wording, company_of, list_names, relation_features

_SHORT, _LENGTH = Buckets("words", 3, 5, 8), Buckets("words", 1, 2, 3, 4, 5, 6, 8, 11, 16, 25)
_HEADING_LENGTH = Buckets("words", 3, 5)
_POSITION = Buckets("position", -0.5, -0.02, 0.0001, 0.3, 0.9, 0.99999, 1.05, 1.3, 1.7)
_ORDER = Buckets("order", 0.1, 0.3, 0.5, 0.7, 0.9)
_SHARE = Buckets("share", 0.05, 0.15, 0.3, 0.5, 0.8, 0.95)
_BLOCK = Buckets("block", 20, 40, 80, 150, 300, 600)
_BLOCK_LINKS = Buckets("block_links", 2, 3, 5, 10)
_GROUP = Buckets("group", 2, 4, 5, 7, 10, 15, 25, 50, 100)
_COMPANY = Buckets("company", 8, 12, 18, 25, 35, 50, 70, 100)
_AGREEMENT = Buckets("slug_agreement", 0.01, 0.3, 0.6, 0.9)
_SLUG_PARTS, _DEPTH = Buckets("slug", 1, 2, 3, 4, 6), Buckets("depth", 1, 2, 3, 4, 5)
_FUNCTIONS, _FUNCTION_SHARE = Buckets("functions", 1, 2, 3, 5), Buckets("function_share", 0.01, 0.2, 0.35)
_CAPITALS = Buckets("capitals", 0.2, 0.5, 0.8, 1.0)
"""What a link's length, place in the page, company, target and wording are told by."""

_SLUG = re.compile(r"[a-z]{2,}|\d+")
# A folder named like a year, a date, a long number: all begin with four digits, which few paths hold.
_DATE = re.compile(r"\d\d\d\d(?:\d\d|-\d\d-\d\d|(?<=/19\d\d)/|(?<=/20\d\d)/)")


def kind_features(link: Link, title: str, same_house: bool | None) -> Features:
    """Structure of a link: what the kind is told by. `title` is the page's, in lower case."""
    names = own_names(link, title, same_house) | surrounding_names(link.near, link.far, link.heading)
    return dict.fromkeys(names, 1.0)


@lru_cache(4_096)
def surrounding_names(near: tuple[str, ...], far: tuple[str, ...], heading: str) -> frozenset[str]:
    """Features of what stands above a link, which the links of a list have in common."""
    label = label_of(heading) if heading else None
    names = {"near:" + name for name in near} | {"far:" + name for name in far}
    return frozenset(names | {f"label={label}"} | {"heading:" + word.lower() for word in WORD.findall(heading)[:8]})


def own_names(link: Link, title: str, same_house: bool | None) -> set[str]:
    """Features of a link by itself: its text, its target, its place, its company."""
    return {name for piece in own_pieces(link, title, same_house) for name in piece.split()}


Piece = str
"""Names that go together, parted by blanks: no name is in two pieces of a link, and few pieces exist, so that sums can
be remembered.
"""


def own_pieces(link: Link, title: str, same_house: bool | None) -> list[Piece]:
    """The names of `own_names` in pieces."""
    text = link.text
    lowered = text.lower()
    short = _SHORT.of(link.words)
    path = path_of(link.href)
    lowered_path = path.lower()
    own = set(_SLUG.findall(lowered))
    called = _SLUG.findall(lowered_path)
    agreed = len(own.intersection(called))
    named = bool(own) and 2 * agreed >= len(own)  # the target is called like the text
    pieces = [
        _shape(link.place, link.words, link.in_heading, link.has_image, link.contact, same_house),
        _standing(_POSITION.of(link.position), short),
        _ORDER.of(link.order),
        _company(link.group_links, link.group_characters, short),
        _in_block(len(text) / max(1, link.block_characters), link.block_characters, link.block_links),
        _target(link.href, path, lowered_path),
        f"named={named}&{short} named={named}&{link.place}",
        _wording(text, short),
    ]
    if own and called:
        pieces.append(_AGREEMENT.of(agreed / len(own)))
    if title and (lowered == title or (len(title) > 20 and title in lowered)):
        pieces.append("is_title")
    if text.isupper():
        pieces.append("upper")
    if text[:1].islower():
        pieces.append("starts_lower")
    if text[-1:] in ".?!…":
        pieces.append("ends=" + text[-1])
    if link.words <= 4:
        pieces.extend(["word:" + word for word in set(WORD.findall(lowered))])
    return pieces


@lru_cache(4_096)
def _shape(place: str, words: int, in_heading: bool, has_image: bool, contact: bool, same_house: bool | None) -> Piece:
    length = _LENGTH.of(words)
    names = ["bias", "place=" + place, length, f"{place}&{length}"]
    if in_heading:
        names += ["in_heading", f"in_heading&{_HEADING_LENGTH.of(words)}"]
    if has_image:
        names.append("image")
    if contact:
        names.append("contact")
    names.append("same_house" if same_house else "other_house" if same_house is False else "unknown_house")
    return " ".join(names)


@lru_cache(4_096)
def _standing(where: str, short: str) -> Piece:
    return f"{where} {where}&{short}"


@lru_cache(4_096)
def _company(links: int, characters: int, short: str) -> Piece:
    company = _COMPANY.of(characters / max(1, links))
    return f"{_GROUP.of(links)} {company} {company}&{short}"


def _in_block(share: float, characters: int, links: int) -> Piece:
    return f"{_SHARE.of(share)} {_BLOCK.of(characters)} {_BLOCK_LINKS.of(links)}"


def _is_shared(href: str) -> bool:
    for target in lists()["share_targets"]:  # noqa: SIM110 -- a generator costs more than all it asks
        if target in href:
            return True
    return False


def _target(href: str, path: str, lowered_path: str) -> Piece:
    """Where a link leads."""
    table = lists()
    names = []
    if href.startswith("#") or _is_shared(href):
        names.append("share_target")
    if "#" in href:
        names.append("fragment")
    folders = lowered_path.strip("/").split("/")
    if not table["topic_folders"].isdisjoint(folders[:-1] if len(folders) > 1 else folders):
        names.append("topic_target")
    bare = path.rstrip("/")
    last = bare.rsplit("/", 1)[-1]
    names.append(_SLUG_PARTS.of(last.count("-") + last.count("_")))
    names.append(_DEPTH.of(bare.count("/")))
    if _DATE.search(path):
        names.append("dated_target")
    return " ".join(names)


def _wording(text: str, length: str) -> Piece:
    """How much a text reads like a headline: function words and capitals, told apart by length."""
    written = WORD.findall(text)
    known = lists()["function_words"]
    functions = sum(map(known.__contains__, map(str.lower, written)))
    capitals = sum([word[0].isupper() for word in written])
    total = max(1, len(written))
    return (
        f"{_FUNCTIONS.of(functions)} {_FUNCTION_SHARE.of(functions / total)} {_CAPITALS.of(capitals / total)}&{length}"
    )


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
        return kind_features(self.link, self.title, self.same_house)

    def related(self) -> Features:
        """Features of the relation model."""
        shared = relation_features(self.link.text, self.topic, self.wording, self.company)
        return shared | dict.fromkeys(list_names(self.link.near, self.link.far, self.link.heading), 1.0)


def link_contexts(page: Page, topic: Topic, wording: Wording, min_words: int = 0) -> Iterator[LinkContext]:
    """Links of a page that have so many words with their contexts, in order; each is made when it is asked for."""
    house = registrable(page.url)
    title = page.title.lower()
    company = company_of(link.text for link in page.links if link.words >= 5)
    for link in page.links:
        if link.words < min_words:
            continue
        target = registrable(link.href) if "//" in link.href[:12] else house
        same = None if house is None or target is None else target == house
        yield LinkContext(link, title, same, topic, wording, company)
