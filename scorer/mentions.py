"""What kind of source a mention is, and whom it stands for.

A source is `named`, `organisation`, `document`, `anonymous` or `vague`: its head noun decides, by word lists
(scorer/signals/sources.json). Pronouns and short names are led back to an earlier, fuller mention: the nearest that
agrees in kind and gender, earlier sources and sentence subjects first (the salience factors of Lappin & Leass 1994).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from scorer import kernel
from scorer.lexicon import Shape
from scorer.names import CAPITAL_SHAPES, Mention, Names, word_lists
from scorer.quotes import Quotation
from scorer.tagger import Run
from scorer.text import Text

KINDS = ("named", "organisation", "document", "anonymous", "vague")

_PUNCTUATION = int(Shape.PUNCTUATION)


FIRST_PERSON = "first person"
"""The key of "I" and "we"."""

_BELONGING = ("of", "at", "from", "for", "in", "with", "and")
"""Words before a body's name by which somebody or something belongs to it."""

_TRAILING = ("'s", "’s", "’", "'", '"', "”", "himself", "herself", "themselves")
"""What may stand behind a source's head."""

FAR = 4
"""Sentences that "he" or "she" may reach back to a person whose name tells the gender."""

FAR_UNSURE = 2
"""The same, to one whose name does not."""


class Described(NamedTuple):
    """A source's kind, and the fuller mention it stands for where it is not itself that."""

    kind: str
    resolved: str | None
    key: str
    """What two mentions of one source share."""


def describe(text: Text, sources: Sequence[Run], quotations: Sequence[Quotation]) -> list[Described]:
    """Kind and antecedent of each source, given in order of appearance. Linear in the number of names and sources."""
    if kernel.native is None:
        return _Reading(text, quotations).describe(sources)
    return [Described(*one) for one in describer().describe(parts(text), list(quotations), list(sources))]


@cache
def describer() -> Any:
    """The kernel's memory of words, with the word lists."""
    return kernel.native.Describer(word_lists())


def parts(text: Text) -> tuple[Any, ...]:
    """A text as the describer takes it."""
    return text.normal, text.tokens, text.words, text.shapes, text.starts, text.ends, text.sentence_tokens


class _Reading(Names):
    """One pass over a text's names and sources, in order."""

    def describe(self, sources: Sequence[Run]) -> list[Described]:
        found: list[Described] = []
        for first, last in sources:
            self.read_to(last)
            described = self._describe(first, last)
            found.append(described)
            self._remember_source(first, last, described)
        return found

    def _remember_source(self, first: int, last: int, described: Described) -> None:
        inside = [mention for mention in self.recent if first <= mention.first < last]
        if inside:  # "Ann Bly, mayor of Elm City": who is described speaks, else who is named first
            next((m for m in inside if m.name.lower() == described.key), inside[0]).is_source = True
            return
        words = self.words_of(first, last)
        first_person = self._is_first_person(first, words[0]) or self.is_contraction(words[0])
        is_letter = len(words) == len(words[0]) == 1  # "Q:" and "A:" of an interview
        if described.kind == "vague" or words[0] in self.lists["relatives"] or first_person or is_letter:
            return
        mention = self.mention(first, last, described.kind)
        if described.resolved:
            mention.name = described.resolved
        elif words[0] in self.lists["singular_pronouns"] or words[0] in self.lists["plural_pronouns"]:
            return
        if words[0] in self.lists["singular_pronouns"]:
            mention.gender = "f" if words[0] in self.lists["female_pronouns"] else "m"
        mention.plural = words[-1].endswith("s") and words[0] not in self.lists["singular_pronouns"]
        mention.is_source = True
        self.push(mention)

    def _describe(self, first: int, last: int) -> Described:
        lists, words = self.lists, self.words_of(first, last)
        surface = self.surface(first, last)
        if len(words) == 1:
            pronoun = self._pronoun(first, words[0])
            if pronoun is not None:
                return pronoun
        if len(words) > 1 and words[0] in ("who", "which"):  # "which uses": the run was cut within a clause
            return self._relative(first, words[0])
        if "anonymity" in words or "unnamed" in words or "anonymous" in words:
            return Described("anonymous", None, surface.lower())
        begin = 0
        for i in range(1, len(words) - 1):
            if words[i] in ("'s", "’s"):
                begin = i + 1
        if words[begin:] and words[begin] in ("(", ","):
            begin = 0
        end = next((i for i in range(begin + 1, len(words)) if words[i] in lists["splits"]), len(words))
        while end - begin > 1 and words[end - 1] in _TRAILING:
            end -= 1
        head, shape = words[end - 1], self.shapes[first + end - 1]
        capital = shape in CAPITAL_SHAPES or self.tokens[first + end - 1][0].isupper()
        chunk = words[begin:end]
        if words[0] in lists["quantifiers"]:
            return Described("vague", None, surface.lower())
        if capital and (end > 1 or head not in lists["vague_nouns"] | lists["persons"] | lists["document_nouns"]):
            return self._capitalised(first, begin, end, words, surface)
        if head in lists["vague_nouns"] or chunk[0][0].isdigit():
            return Described("vague", None, surface.lower())
        if words[0] in ("the", "this", "that") and end == len(words):
            known = self.offices.get(head) or self._of_kind(head)
            if known is not None:
                return Described(known.kind, known.name, known.name.lower())
        if head in lists["document_nouns"]:
            return Described("document", None, surface.lower())
        if head in lists["organisation_nouns"]:
            return Described("organisation", None, surface.lower())
        apposed = [m for m in self.recent if first + end <= m.first < last and m.kind == "named"]
        if apposed and "," in words[end : apposed[0].first - first]:
            return Described("named", apposed[0].name if apposed[0].name != surface else None, apposed[0].name.lower())
        if head in lists["persons"] or not head.endswith("s"):
            return Described("anonymous", None, surface.lower())
        return Described("vague", None, surface.lower())

    def _of_kind(self, head: str) -> Mention | None:
        """An organisation already named whose name holds the word: 'the agency' after 'Space Agency'."""
        if head not in self.lists["organisation_nouns"]:
            return None
        known = self.full.get(head)
        if known is not None and known.kind == "organisation":
            return known
        return next(
            (m for m in reversed(self.recent) if m.kind == "organisation" and head in m.name.lower().split()), None
        )

    def _capitalised(self, first: int, begin: int, end: int, words: list[str], surface: str) -> Described:
        lists, head = self.lists, words[end - 1]
        token = self.tokens[first + end - 1]
        inside = [m for m in reversed(self.recent) if first + begin <= m.first and m.last == first + end]
        if inside and inside[0].kind == "named":
            mention = inside[0]
            joins = [at for at in range(first + begin + 1, mention.first) if self.tokens[at] == "and"]
            if any(m.kind == "named" and m.last in joins for m in self.recent):  # "Ann Bly and Sen. Carl Mendes"
                return Described("named", None, surface.lower())
            resolved = mention.name if mention.name != surface else None
            return Described("named", resolved, mention.name.lower())
        if token.isupper() and len(token) > 1:
            known = self.acronyms.get(head.replace(".", ""))
            person = self.full.get(head)
            if known is None and person is not None and person.kind == "named" and person.last <= first:
                return self._named_by(person, token, surface)  # "LIND: …" in a transcript
            name = known.name if known is not None else None
            return Described("organisation", name if name != surface else None, (name or token).lower())
        if head in lists["vague_nouns"]:
            return Described("vague", None, surface.lower())
        names = [w for w in words[begin:end] if w not in lists["function_words"]] or [head]
        if (
            inside
            or words[begin] == "the"
            or self.is_body(names)
            or head in lists["places"] | lists["organisation_names"]
        ):
            known = self.full.get(head)
            name = known.name if known is not None and known.kind == "organisation" else surface
            longer = name if len(name) > len(surface) else None
            return Described("organisation", longer, (longer or surface).lower().removeprefix("the "))
        if head in lists["persons"]:
            return Described("anonymous", None, surface.lower())
        if head in lists["document_nouns"]:
            return Described("document", None, surface.lower())
        known = self.full.get(head)
        if known is not None and known.last <= first:
            return self._named_by(known, token, surface)
        if head.endswith("s") and words[0] in lists["quantifiers"]:
            return Described("vague", None, surface.lower())
        return Described("named", None, surface.lower())

    @staticmethod
    def _named_by(known: Mention, token: str, surface: str) -> Described:
        """Who is called so already, by one word of the name."""
        resolved = known.name if known.name != surface and len(known.name) > len(token) else None
        return Described(known.kind, resolved, known.name.lower())

    def _pronoun(self, at: int, word: str) -> Described | None:
        lists = self.lists
        if word in lists["relatives"]:
            return self._relative(at, word)
        if self._is_first_person(at, word):
            return Described("named", None, FIRST_PERSON)
        if word in lists["singular_pronouns"]:
            gender = "f" if word in lists["female_pronouns"] else "m"
            best = self._best(at, lambda m, far: _is_person(m, gender, far)) or self._best(
                at, lambda m, far: _is_somebody(m, gender) and _just_spoke(m, far)
            )
            if best is None:
                return Described("anonymous", None, word)
            best.gender = best.gender or gender
            return Described(best.kind, best.name, best.name.lower())
        if word in lists["plural_pronouns"]:
            single = word in ("it", "its", "itself")
            best = self._best(
                at, lambda m, far: _is_body(m, single) and (_just_spoke(m, far) or (m.plural and m.leads and not far))
            )
            if best is None:
                return Described("vague", None, word)
            return Described(best.kind, best.name, best.name.lower())
        return None

    def _is_first_person(self, at: int, word: str) -> bool:
        """Whether a token, `word` in lower case, is one; "US" is a country."""
        token = self.tokens[at]
        return word in self.lists["first_person"] and not (token.isupper() and len(token) > 1)

    def _relative(self, at: int, word: str) -> Described:
        before = at - 1
        while before > 0 and self.shapes[before] == _PUNCTUATION:
            before -= 1
        noun = self.tokens[max(before, 0)].lower()
        for mention in reversed(self.recent):
            if mention.last in (before + 1, at):
                if word == "who" and mention.kind == "organisation" and self._belongs(mention.first):
                    member = self._member(mention)
                    if member is None:  # "a spokesman for the Labour Party, who"
                        return Described("anonymous", None, f"who {noun}")
                    mention = member
                elif word == "which" and mention.kind == "named":  # no person: "Wells Fargo, which"
                    mention.kind = "organisation"
                    if self._is_cut(mention.first):  # "the Office for Civil Rights, which"
                        return Described("organisation", None, f"which {noun}")
                return Described(mention.kind, mention.name, mention.name.lower())
        for kind in ("vague", "document", "organisation"):
            if noun in self.lists[f"{kind}_nouns"]:
                return Described(kind, None, f"{word} {noun}")
        if noun in self.lists["persons"]:
            return Described("anonymous", None, f"{word} {noun}")
        return Described("anonymous" if word == "who" else "vague", None, f"{word} {noun}")

    def _is_cut(self, first: int) -> bool:
        """Whether a name is only the end of a body's: "Office for | Civil Rights"."""
        return first > 1 and self.tokens[first - 1] in ("for", "of") and self.shapes[first - 2] in CAPITAL_SHAPES

    def _belongs(self, first: int) -> bool:
        """Whether a body's name only tells where somebody or something belongs: "a spokesman for the Labour Party"."""
        while first > 0 and (self.shapes[first - 1] in CAPITAL_SHAPES or self.tokens[first - 1] in ("the", "a", "an")):
            first -= 1
        return first > 0 and self.tokens[first - 1] in _BELONGING

    def _member(self, body: Mention) -> Mention | None:
        """Whose name, one that tells a person, stands right before a body's: "Ann Bly of the Labour Party"."""
        end = self.before_article(body.first)
        if end < 2 or self.tokens[end - 1] != "of":
            return None
        member = next((m for m in self.recent if m.kind == "named" and m.gender and m.last == end - 1), None)
        # "the death of Ann Bly of the Labour Party": who speaks is somebody else
        is_told_of = member is not None and member.first > 0 and self.tokens[member.first - 1] == "of"
        return None if is_told_of else member

    def _best(self, at: int, fits: Callable[[Mention, int], bool]) -> Mention | None:
        """The nearest mention that fits, given with how many sentences back it stands."""
        sentence, quoted = self.sentence_of[at], self.quote_of[at]
        best, most = None, -8.0
        for mention in self.recent:
            far = sentence - mention.sentence
            if mention.last > at or not fits(mention, far) or (mention.quoted >= 0 and mention.quoted != quoted):
                continue
            score = -far + 1.5 * mention.is_source + 0.8 * mention.leads
            if score >= most:
                best, most = mention, score
        return best


def _is_person(mention: Mention, gender: str, far: int) -> bool:
    """Whether "he" or "she" may stand for this: of names that tell no gender, one who spoke or is named shortly."""
    if mention.kind != "named" or mention.plural or mention.gender not in ("", gender):
        return False
    if mention.gender:
        return far <= FAR
    return far <= FAR_UNSURE and (mention.is_source or mention.last - mention.first == 1)


def _is_somebody(mention: Mention, gender: str) -> bool:
    """Whether "he" or "she" may stand for this where no name does."""
    return mention.kind == "anonymous" and not mention.plural and mention.gender in ("", gender)


def _is_body(mention: Mention, single: bool) -> bool:
    """Whether "it" (`single`) or "they" may stand for this."""
    if single:
        return mention.kind in ("organisation", "document") and not mention.plural
    return mention.kind == "organisation" or (mention.plural and mention.kind != "document")


def _just_spoke(mention: Mention, far: int) -> bool:
    """What "they" and "it" stand for is mostly no name at all: only whom the sentence before cites is believed."""
    return mention.is_source and far <= 1
