"""Text -> attributions as runs of tokens: the tagger's, those found by rule, and claims in the passive, joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from scorer import kernel
from scorer.agents import Agents
from scorer.article import ModelError
from scorer.assembly import BUCKETS, FEATURES, SLOTS, Assembly, Link, hull_of, overlap
from scorer.content_ties import BUCKETS as CONTENT_BUCKETS
from scorer.content_ties import FEATURES as CONTENT_FEATURES
from scorer.content_ties import SIDES, ContentTies
from scorer.lexicon import Lexicon
from scorer.passives import Passives
from scorer.rule_words import rule_words
from scorer.signatures import Signature, signatures
from scorer.signed_links import apart
from scorer.source_runs import mend
from scorer.store import Part
from scorer.tagger import Packed, Run, Tagged, Tagger, Tags
from scorer.text import Text
from scorer.token_classes import QUOTES, word_classes

SUBJECT_REACH = 3
"""A "source" that ends so few tokens before a passive verb is its subject: the one spoken of, not who speaks."""


class Reading:
    """Text -> attributions as runs of tokens."""

    def __init__(self, part: Part, lexicon: Lexicon) -> None:
        self.tagger = Tagger(part)
        try:
            self.assembly = _assembly(part, lexicon)
        except KeyError as error:
            raise ModelError(
                f"the model's part '{part.name}' has no {error}; an older version made it: train it again"
            ) from None
        self.agents = Agents(lexicon)
        self.passives = Passives.of(lexicon)
        rules = rule_words(lexicon)
        self.tables, self.words = self.assembly.tables(rules.begun(self.assembly.content.of_words)), rules.arrays()

    def links(self, text: Text, tags: Tags) -> list[Link]:
        """Attributions in order of appearance, claims in the passive without a source among them.

        A cue of the tagger's whose source or content was not found is left out: read by hand, most of those ascribe
        nothing. Those found by rule stand without content: what "was not confirmed by the ministry" is before them.
        """
        signed = signatures(text, tags.quotations)
        return self.beside(text, tags, signed) if signed else self.tied(text, tags)

    def beside(self, text: Text, tags: Tagged, signed: Sequence[Signature]) -> list[Link]:
        """The links of a text, and those of its signatures."""
        return sorted(apart(text, self.tied(text, tags), signed), key=hull_of)

    def given(self, text: Text, tags: Tagged) -> tuple[Any, ...]:
        """What the kernel finds the links of `tied` by, in a text of at least one token."""
        return (
            text.tokens, text.words, text.shapes, text.sentence_tokens, self.tables, self.words,
            tags.sources, tags.cues, tags.content, tags.quotations,
        )  # fmt: skip

    def tied(self, text: Text, tags: Tagged) -> list[Link]:
        """The same but for what is signed: a stretch of sentences has lost the lines that tell it."""
        if isinstance(tags, Packed) or (kernel.native is not None and len(text.words)):
            found: list[Link] = kernel.native.links(*self.given(text, tags), Link)
            return found
        ruled = self.agents.find(text)
        by_rule = _Index((link.cue, link) for link in ruled)
        links = _joined(mend(text, self.assembly.assemble(text, tags), tags), ruled)
        without = self.passives.find(text)
        by_cue = _Index((link.cue, link) for link in links if without)
        dropped: set[int] = set()
        passive: list[Link] = []
        for run in without:
            same = by_cue.at(run)
            begins, _ = text.sentence_of(run[0])
            if any(
                link.source is not None and begins <= link.source[0] and run[0] - link.source[1] > SUBJECT_REACH
                for link in same
            ):
                continue  # "according to the ministry, they are believed to …"
            dropped.update(map(id, same))
            passive.append(Link(None, run, _after(text, run, [piece for link in same for piece in link.content])))
        told = [
            link
            for link in links
            if link.source is not None
            and link.cue is not None
            and id(link) not in dropped
            and (link.content or by_rule.at(link.cue))
            and (not 0 <= link.cue[0] - link.source[1] <= SUBJECT_REACH or not self.passives.befalls(text, link.cue))
            and not self.passives.is_occasion(text, link.cue)
            and not _only_connects(text, link.source, link.cue)
        ]
        return sorted((*told, *(link for link in passive if link.content)), key=hull_of)


def _assembly(part: Part, lexicon: Lexicon) -> Assembly:
    meta, heads = part.meta, np.asarray(part.meta["cue_heads"], dtype=np.int32)
    floors = (float(meta[name]) for name in ("floor", "quotation_floor", "lone_floor"))
    table = np.asarray(part.arrays["link_content"], dtype=np.float32)
    sources = np.asarray(part.arrays["link_sources"], dtype=np.float32)
    wanted = (SIDES, CONTENT_FEATURES, CONTENT_BUCKETS), (SLOTS, FEATURES, BUCKETS)
    if (table.shape, sources.shape) != wanted:
        raise ModelError(f"the model's part '{part.name}' has tables of other shapes than {wanted}: train it again")
    content = ContentTies(table, word_classes(lexicon), heads, *floors)
    return Assembly(sources, int(meta["comma"]), heads, float(meta["threshold"]), content)


class _Index:
    """Which links have a run over a token: what lies near is found without asking every link (linear in all)."""

    def __init__(self, runs: Iterable[tuple[Run | None, Link]]) -> None:
        self.links: dict[int, list[Link]] = {}
        for run, link in runs:
            self.add(run, link)

    def add(self, run: Run | None, link: Link) -> None:
        for token in range(*run) if run is not None else ():
            self.links.setdefault(token, []).append(link)

    def at(self, run: Run) -> list[Link]:
        """Links met over these tokens, each once."""
        return list({id(link): link for token in range(*run) for link in self.links.get(token, ())}.values())


def _joined(links: list[Link], ruled: Sequence[Link]) -> list[Link]:
    """The tagger's links and those found by rule; where both see a cue, the source that touches it stands, else the
    tagger's.
    """
    if not ruled:
        return links
    by_source, by_cue = _Index((link.source, link) for link in links), _Index((link.cue, link) for link in links)
    for new in ruled:
        if new.source is None or new.cue is None:
            continue
        for link in by_source.at(new.cue):
            # a source that swallowed the cue of another is that other's source
            if link.source is not None and overlap(link.source, new.cue) and overlap(link.source, new.source):
                link.source = new.source
                by_source.add(new.source, link)
        near = {link.source for link in by_source.at(new.source) if link.source and overlap(link.source, new.source)}
        if near and new.source not in near:
            continue
        same = by_cue.at(new.cue)
        for link in same:
            # "he noted reports suggesting that": who touches the cue is its source, not who stands before; "the media
            # reported it, which was not confirmed by the agency": nor who stands before where the source is behind
            behind = new.source[0] > new.cue[0]
            if link.source is None or (new.cue[0] > link.source[1] and (behind or new.source[1] == new.cue[0])):
                link.source = new.source
                link.content = [run for run in link.content if not overlap(run, new.source)] or new.content
                by_source.add(new.source, link)
        if not same:
            links.append(new)
            by_source.add(new.source, new)
            by_cue.add(new.cue, new)
    return links


def _only_connects(text: Text, source: Run, cue: Run) -> bool:
    """Whether a "source" and its cue only join sentences: "That said, …"."""
    first, last = source
    if last - first > 1 or last != cue[0] or text.tokens[first] != "That" or text.sentence_of(first)[0] != first:
        return False
    return text.tokens[cue[1] : cue[1] + 1] == [","] and not (
        cue[1] + 1 < len(text.tokens) and text.shapes[cue[1] + 1] in QUOTES
    )


def _after(text: Text, cue: Run, pieces: Sequence[Run]) -> list[Run]:
    """Content of a passive claim: from the verb to where a piece of content ends, or else its sentence."""
    _, end = text.sentence_of(cue[1] - 1)
    if end - cue[1] > 1 and text.tokens[end - 1] in (".", "!", "?"):
        end -= 1
    end = min((last for _, last in pieces if cue[1] < last <= end), default=end)
    return [(cue[1], end)] if end > cue[1] else []
