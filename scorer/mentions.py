"""What kind of source a mention is, and whom it stands for.

A source is `named`, `organisation`, `document`, `anonymous` or `vague`: its head noun decides, by word lists
(scorer/signals/sources.json). Pronouns and short names are led back to an earlier, fuller mention: the nearest that
agrees in kind and gender, earlier sources and sentence subjects first (the salience factors of Lappin & Leass 1994).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from scorer import kernel
from scorer.lexicon import Shape
from scorer.quotes import Quotation
from scorer.tagger import Run
from scorer.text import Text

KINDS = ("named", "organisation", "document", "anonymous", "vague")

MEMORY = 12
"""Earlier mentions that a pronoun may stand for; nobody refers back further than that by a pronoun."""

_LOWER, _PUNCTUATION = int(Shape.LOWER), int(Shape.PUNCTUATION)
_CAPITALISED = np.zeros(len(Shape), dtype=bool)
_CAPITALISED[[Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL]] = True
_CAPITAL_SHAPES = frozenset(np.flatnonzero(_CAPITALISED).tolist())


class Described(NamedTuple):
    """A source's kind, and the fuller mention it stands for where it is not itself that."""

    kind: str
    resolved: str | None
    key: str
    """What two mentions of one source share."""


@dataclass(slots=True)
class Mention:
    """Somebody or something the text has named: tokens first, ..., last - 1."""

    first: int
    last: int
    name: str
    kind: str
    gender: str = ""
    plural: bool = False
    is_source: bool = False
    leads: bool = False
    quoted: int = -1
    sentence: int = 0


@cache
def _lists() -> dict[str, frozenset[str]]:
    table = json.loads((resources.files("scorer") / "signals" / "sources.json").read_text(encoding="utf-8"))
    lists = {name: frozenset(words) for name, words in table.items() if name != "origin"}
    lists["leading"] = lists["titles"] | lists["demonyms"] | lists["function_words"] | {"."}
    return lists


def describe(text: Text, sources: Sequence[Run], quotations: Sequence[Quotation]) -> list[Described]:
    """Kind and antecedent of each source, given in order of appearance. Linear in the number of names and sources."""
    describer = _describer()
    if describer is None:
        return _Reading(text, quotations).describe(sources)
    told = describer.describe(
        text.normal, text.tokens, text.shapes, text.starts, text.ends, text.sentence_tokens, list(quotations),
        list(sources),
    )  # fmt: skip
    return [Described(*one) for one in told]


def _describer() -> Any:
    return None if kernel.native is None else _native_describer()


@cache
def _native_describer() -> Any:
    return kernel.native.Describer(_lists())


class _Reading:
    """One pass over a text's names and sources, in order."""

    def __init__(self, text: Text, quotations: Sequence[Quotation]) -> None:
        self.text = text
        self.lists = _lists()
        self.tokens = text.tokens
        self.shapes: list[int] = text.shapes.tolist()
        self.starts: list[int] = text.starts.tolist()
        self.ends: list[int] = text.ends.tolist()
        sentence_of = np.repeat(np.arange(len(text.sentences)), np.diff(text.sentence_tokens))
        self.sentence_of: list[int] = sentence_of.tolist()
        quote_of = np.full(len(text.words), -1, dtype=np.int32)
        for number, (first, last, _) in enumerate(quotations):
            quote_of[first:last] = number
        self.quote_of: list[int] = quote_of.tolist()
        self.recent: list[Mention] = []
        self.full: dict[str, Mention] = {}
        self.acronyms: dict[str, Mention] = {}
        self.offices: dict[str, Mention] = {}
        self.genders: dict[str, str] = {}
        self.named: dict[str, int] = {}

    def describe(self, sources: Sequence[Run]) -> list[Described]:
        runs = self._capital_runs()
        at = 0
        found: list[Described] = []
        for first, last in sources:
            while at < len(runs) and runs[at][0] < last:
                self._name(*runs[at])
                at += 1
            described = self._describe(first, last)
            found.append(described)
            self._remember_source(first, last, described)
        return found

    def _capital_runs(self) -> list[Run]:
        """Runs of capitalised words, a period after an initial or a title included."""
        text = self.text
        capital = _CAPITALISED[text.shapes]
        hyphenated = np.flatnonzero(text.shapes == Shape.HYPHENATED)
        for i in hyphenated.tolist():
            capital[i] = text.tokens[i][0].isupper()
        dots = np.flatnonzero((text.shapes[1:-1] == Shape.PUNCTUATION) & capital[:-2] & capital[2:]) + 1
        titles = self.lists["titles"]
        for i in dots.tolist():
            before = text.tokens[i - 1]
            capital[i] = text.tokens[i] == "." and (len(before) == 1 or before.lower() in titles)
        begins = text.sentence_tokens[1:-1]
        capital_padded = np.concatenate([[False], capital, [False]])
        starts = capital & (~capital_padded[:-2])
        starts[begins] = capital[begins]
        ends = capital & (~capital_padded[2:])
        ends[begins - 1] = capital[begins - 1]
        return list(zip(np.flatnonzero(starts).tolist(), (np.flatnonzero(ends) + 1).tolist(), strict=True))

    def _words(self, first: int, last: int) -> list[str]:
        return [token.lower() for token in self.tokens[first:last]]

    def _surface(self, first: int, last: int) -> str:
        return self.text.normal[self.starts[first] : self.ends[last - 1]].replace("\n", " ")

    def _name(self, first: int, last: int) -> None:
        """Take note of a run of capitalised words: a person, an organisation or a place, or nothing."""
        lists, words = self.lists, self._words(first, last)
        begin, gender, office = 0, "", ""
        while begin < len(words):
            word = words[begin]
            if word in lists["leading"] or self._is_contraction(word):
                if word in lists["female_titles"]:
                    gender = "f"
                elif word in lists["male_titles"]:
                    gender = "m"
                if word in lists["titles"]:
                    office = word
                begin += 1
            else:
                break
        if begin == len(words):
            return
        if first + begin > 0 and not begin and self.shapes[first - 1] == _LOWER:
            office = self.tokens[first - 1]
            gender = "f" if office in lists["female_titles"] else "m" if office in lists["male_titles"] else ""
        start, size = first + begin, last - first - begin
        key = words[-1]
        if key in lists["demonyms"] or key in lists["parties"]:
            return  # "the South Carolina Republican" tells of somebody and names nobody
        if self._is_body(words, begin) or self._has_article(words, first, begin):
            mention = self._mention(first if begin and words[0] != "the" else start, last, "organisation")
            mention.plural = key.endswith("s") or self._coordinated(start)
            if size > 1 or begin:
                initials = "".join(w[0] for w in self.tokens[start:last] if w[0].isupper())
                self.acronyms.setdefault(initials.lower(), mention)
                self.full.setdefault(key, mention)
            self._push(mention)
            return
        if size == 1:
            known = self.full.get(key)
            if gender:
                self.genders[key] = gender
            if known is not None and known.kind == "named":
                known.gender = known.gender or gender
                again = self._mention(start, last, "named")
                again.name, again.gender = known.name, known.gender
                self._push(again)
            elif (gender or office in lists["titles"]) and key not in lists["places"]:
                self._push(self._person(start, last, gender, office))
            return
        if size <= 5 and "." not in words[-1]:
            self._push(self._person(start, last, gender, office))

    def _has_article(self, words: Sequence[str], first: int, begin: int) -> bool:
        """'the Daily Comet': a name with an article of its own is no person's."""
        if not begin:
            return first > 0 and self.tokens[first - 1] == "the"
        return begin == 1 and words[0] == "the"

    def _person(self, start: int, last: int, gender: str, office: str) -> Mention:
        mention = self._mention(start, last, "named")
        first_name, key = self.tokens[start].lower(), self.tokens[last - 1].lower()
        if not gender and last - start > 1:
            gender = (
                "f"
                if first_name in self.lists["female_names"]
                else "m"
                if first_name in self.lists["male_names"]
                else ""
            )
        mention.gender = gender or self.genders.get(key, "")
        if last - start > 1:
            self._bear(key, mention)
            self.full.setdefault(first_name, mention)
        if office:
            self.offices[office.lower()] = mention
        return mention

    def _bear(self, key: str, mention: Mention) -> None:
        """Of people who share a name the one whom it stands for alone: whom the text names in full most often.

        Where that is undecided, the one named first, if it begins with a first name: a headline's capitals may not.
        """
        self.named[mention.name] = self.named.get(mention.name, 0) + 1
        bearer = self.full.get(key)
        if bearer is not None and bearer.name != mention.name:
            lead = self.named.get(bearer.name, 0) - self.named[mention.name]
            first = bearer.name.partition(" ")[0].lower()
            if lead > 0 or (lead == 0 and first in self.lists["male_names"] | self.lists["female_names"]):
                return
        self.full[key] = mention

    def _is_contraction(self, word: str) -> bool:
        """I'm, he'd, they've: no part of a name."""
        whole = word.replace("’", "'").partition("'")
        return bool(whole[1]) and any(
            whole[0] in self.lists[name] for name in ("first_person", "singular_pronouns", "plural_pronouns")
        )

    def _mention(self, first: int, last: int, kind: str) -> Mention:
        sentence = self.sentence_of[first]
        leads = not self.recent or self.recent[-1].sentence != sentence
        return Mention(
            first,
            last,
            self._surface(first, last),
            kind,
            leads=leads,
            sentence=sentence,
            quoted=self.quote_of[first],
        )

    def _coordinated(self, start: int) -> bool:
        """Whether 'X and' stands before this name."""
        return start >= 2 and self.tokens[start - 1] == "and" and self.shapes[start - 2] in _CAPITAL_SHAPES

    def _push(self, mention: Mention) -> None:
        if self._coordinated(mention.first) and self.recent and self.recent[-1].last == mention.first - 1:
            pair = self.recent.pop()
            mention = Mention(
                pair.first, mention.last, self._surface(pair.first, mention.last), mention.kind, plural=True,
                leads=pair.leads, sentence=pair.sentence, quoted=pair.quoted,
            )  # fmt: skip
        self.recent.append(mention)
        if len(self.recent) > MEMORY:
            del self.recent[0]

    def _is_body(self, words: Sequence[str], begin: int = 0) -> bool:
        """Whether a capitalised name is an organisation, a state or a place."""
        lists = self.lists
        names = words[begin:]
        if not lists["organisation_nouns"].isdisjoint(names):
            return True
        if names[-1] in lists["places"] or (names[0] in lists["organisation_names"] and len(names) <= 2):
            return (names[0] not in lists["male_names"] and names[0] not in lists["female_names"]) or len(names) == 1
        return False

    def _remember_source(self, first: int, last: int, described: Described) -> None:
        for mention in reversed(self.recent):
            if first <= mention.first < last:
                mention.is_source = True
                return
        words = self._words(first, last)
        first_person = words[0] in self.lists["first_person"] or self._is_contraction(words[0])
        if described.kind == "vague" or words[0] in self.lists["relatives"] or first_person:
            return
        mention = self._mention(first, last, described.kind)
        if described.resolved:
            mention.name = described.resolved
        elif words[0] in self.lists["singular_pronouns"] or words[0] in self.lists["plural_pronouns"]:
            return
        if words[0] in self.lists["singular_pronouns"]:
            mention.gender = "f" if words[0] in self.lists["female_pronouns"] else "m"
        mention.plural = words[-1].endswith("s") and words[0] not in self.lists["singular_pronouns"]
        mention.is_source = True
        self._push(mention)

    def _describe(self, first: int, last: int) -> Described:
        lists, words = self.lists, self._words(first, last)
        surface = self._surface(first, last)
        if len(words) == 1:
            pronoun = self._pronoun(first, words[0])
            if pronoun is not None:
                return pronoun
        if "anonymity" in words or "unnamed" in words or "anonymous" in words:
            return Described("anonymous", None, surface.lower())
        begin = 0
        for i in range(1, len(words) - 1):
            if words[i] in ("'s", "’s"):
                begin = i + 1
        if words[begin:] and words[begin] in ("(", ","):
            begin = 0
        end = next((i for i in range(begin + 1, len(words)) if words[i] in lists["splits"]), len(words))
        while end - begin > 1 and words[end - 1] in (
            "'s",
            "’s",
            "’",
            "'",
            '"',
            "”",
            "himself",
            "herself",
            "themselves",
        ):
            end -= 1
        head, shape = words[end - 1], self.shapes[first + end - 1]
        capital = shape in _CAPITAL_SHAPES or self.tokens[first + end - 1][0].isupper()
        chunk = words[begin:end]
        if words[0] in lists["quantifiers"]:
            return Described("vague", None, surface.lower())
        if capital and (end > 1 or head not in lists["vague_nouns"] | lists["person_nouns"] | lists["document_nouns"]):
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
        apposed = [m for m in self.recent if first <= m.first < first + len(words) and m.kind == "named"]
        if apposed and (end >= len(words) or "," in words[end : apposed[0].first - first]):
            return Described("named", apposed[0].name if apposed[0].name != surface else None, apposed[0].name.lower())
        if head in lists["person_nouns"] or not head.endswith("s"):
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
            resolved = mention.name if mention.name != surface else None
            return Described("named", resolved, mention.name.lower())
        if token.isupper() and len(token) > 1:
            known = self.acronyms.get(head.replace(".", ""))
            name = known.name if known is not None else None
            return Described("organisation", name if name != surface else None, (name or token).lower())
        if head in lists["vague_nouns"]:
            return Described("vague", None, surface.lower())
        names = [w for w in words[begin:end] if w not in lists["function_words"]] or [head]
        if (
            inside
            or words[begin] == "the"
            or self._is_body(names)
            or head in lists["places"] | lists["organisation_names"]
        ):
            known = self.full.get(head)
            name = known.name if known is not None and known.kind == "organisation" else surface
            longer = name if len(name) > len(surface) else None
            return Described("organisation", longer, (longer or surface).lower().removeprefix("the "))
        if head in lists["person_nouns"]:
            return Described("anonymous", None, surface.lower())
        if head in lists["document_nouns"]:
            return Described("document", None, surface.lower())
        known = self.full.get(head)
        if known is not None and known.last <= first:
            resolved = known.name if known.name != surface and len(known.name) > len(token) else None
            return Described(known.kind, resolved, known.name.lower())
        if head.endswith("s") and words[0] in lists["quantifiers"]:
            return Described("vague", None, surface.lower())
        return Described("named", None, surface.lower())

    def _pronoun(self, at: int, word: str) -> Described | None:
        lists = self.lists
        if word in lists["relatives"]:
            return self._relative(at, word)
        if word in lists["first_person"]:
            return Described("named", None, "first person")
        if word in lists["singular_pronouns"]:
            gender = "f" if word in lists["female_pronouns"] else "m"
            best = self._best(
                at, lambda m: m.kind in ("named", "anonymous") and not m.plural and m.gender in ("", gender)
            )
            if best is None:
                return Described("anonymous", None, word)
            best.gender = best.gender or gender
            return Described(best.kind, best.name, best.name.lower())
        if word in lists["plural_pronouns"]:
            single = word in ("it", "its", "itself")
            best = self._best(
                at,
                lambda m: (
                    (m.kind in ("organisation", "document") and not m.plural)
                    if single
                    else (m.plural or m.kind == "organisation")
                ),
            )
            if best is None:
                return Described("vague", None, word)
            return Described(best.kind, best.name, best.name.lower())
        return None

    def _relative(self, at: int, word: str) -> Described:
        before = at - 1
        while before > 0 and self.shapes[before] == _PUNCTUATION:
            before -= 1
        for mention in reversed(self.recent):
            if mention.last in (before + 1, at):
                return Described(mention.kind, mention.name, mention.name.lower())
        noun = self.tokens[max(before, 0)].lower()
        for kind in ("vague", "document", "organisation", "person"):
            if noun in self.lists[f"{kind}_nouns"]:
                return Described("anonymous" if kind == "person" else kind, None, f"{word} {noun}")
        return Described("anonymous" if word == "who" else "vague", None, f"{word} {noun}")

    def _best(self, at: int, fits: object) -> Mention | None:
        sentence, quoted = self.sentence_of[at], self.quote_of[at]
        best, most = None, -8.0
        for mention in self.recent:
            if mention.last > at or not fits(mention) or (mention.quoted >= 0 and mention.quoted != quoted):  # type: ignore[operator]
                continue
            score = mention.sentence - sentence + 1.5 * mention.is_source + 0.8 * mention.leads
            if score >= most:
                best, most = mention, score
        return best
