"""Whom a text has named so far: runs of capitalised words told apart into people, organisations and places.

The nearest of them are kept in order, for pronouns; full names are found again by a last or first name, acronyms by
their letters, people in office by the office.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from scorer.lexicon import Shape
from scorer.quotes import Quotation
from scorer.tagger import Run
from scorer.text import Text

MEMORY = 12
"""Earlier mentions that a pronoun may stand for; nobody refers back further than that by a pronoun."""

MAX_INITIALS = 2
"""Capitals that a first name may be written with ("JD", "AJ"); more of them are a body's."""

MAX_PERSON = 3
"""Words of a person's name behind an office."""

SHOUTED = 3
"""Words in capitals alone that are a headline's, and no name."""

_LOWER = int(Shape.LOWER)
_CAPITALISED = np.zeros(len(Shape), dtype=bool)
_CAPITALISED[[Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL]] = True
CAPITAL_SHAPES = frozenset(np.flatnonzero(_CAPITALISED).tolist())


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
def word_lists() -> dict[str, frozenset[str]]:
    """The lists of scorer/signals/sources.json by name, `leading`: what may stand before a name, `persons`: nouns for
    them, those of bodies' names too ("Family", "Veterans").
    """
    table = json.loads((resources.files("scorer") / "signals" / "sources.json").read_text(encoding="utf-8"))
    lists = {name: frozenset(words) for name, words in table.items() if name != "origin"}
    lists["persons"] = lists["person_nouns"] | lists["people"]
    lists["leading"] = lists["titles"] | lists["demonyms"] | lists["function_words"] | {"."}
    return lists


class Names:
    """The names of a text, taken note of in order."""

    def __init__(self, text: Text, quotations: Sequence[Quotation]) -> None:
        self.text = text
        self.lists = word_lists()
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
        self._runs = self._capital_runs()
        self._next = 0

    def read_to(self, end: int) -> None:
        """Take note of the names that begin before a token."""
        while self._next < len(self._runs) and self._runs[self._next][0] < end:
            self._name(*self._runs[self._next])
            self._next += 1

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

    def words_of(self, first: int, last: int) -> list[str]:
        """The tokens first, ..., last - 1 in lower case."""
        return [token.lower() for token in self.tokens[first:last]]

    def surface(self, first: int, last: int) -> str:
        """The same as they stand in the text, on one line."""
        return self.text.normal[self.starts[first] : self.ends[last - 1]].replace("\n", " ")

    def _name(self, first: int, last: int) -> None:
        """Take note of a run of capitalised words: a person, an organisation or a place, or nothing."""
        lists, words = self.lists, self.words_of(first, last)
        begin, gender, holds = 0, "", -1
        while begin < len(words):
            word = words[begin]
            if word in lists["leading"] or self.is_contraction(word):
                gender = self._gender_of(word, "titles") or gender
                if word in lists["titles"]:
                    holds = first + begin
                begin += 1
            else:
                break
        if begin == len(words):
            return
        held = self._holder(words, begin)
        if held > begin:  # "Senate Majority Leader Ann Bly", "New York Gov. Carl Mendes"
            holds, begin = first + held - 1 - (words[held - 1] == "."), held
            gender = self._gender_of(self.tokens[holds].lower(), "titles")
        if first + begin > 0 and not begin and self.shapes[first - 1] == _LOWER:
            holds = first - 1
            gender = self._gender_of(self.tokens[holds].lower(), "titles")
        office = self._office(holds, first)
        start, size = first + begin, last - first - begin
        key = words[-1]
        is_office = (key in lists["titles"] and self.tokens[last - 1].isupper()) or (
            size > 1 and key in lists["office_nouns"] and not self._gender_of(words[begin], "names")
        )
        is_shouted = size >= SHOUTED and all(
            token.isupper() and len(token) > 1 and not self._gender_of(token.lower(), "names")
            for token in self.tokens[start:last]
        )
        if is_shouted or key in lists["demonyms"] or key in lists["parties"] or is_office:
            return  # "the South Carolina Republican", "National Security Adviser" tell of somebody and name nobody
        if (not held and self._has_article(words, first, begin)) or self.is_body(words, begin):
            lead = first + self._is_opener(first, words)
            has_lead = start > lead
            mention = self.mention(lead if has_lead and words[lead - first] != "the" else start, last, "organisation")
            mention.plural = key.endswith("s") or self._coordinated(start)
            if size > 1 or has_lead:
                initials = "".join(w[0] for w in self.tokens[start:last] if w[0].isupper())
                self.acronyms.setdefault(initials.lower(), mention)
                self.full.setdefault(key, mention)
            self.push(mention)
            return
        if size == 1 and len(key) == 1:
            return  # "Q:" and "A:" of an interview
        if size == 1:
            known = self.full.get(key)
            if gender:
                self.genders[key] = gender
            if known is not None and known.kind == "named":
                known.gender = known.gender or gender
                again = self.mention(start, last, "named")
                again.name, again.gender = known.name, known.gender
                self.push(again)
            elif (gender or office in lists["titles"]) and key not in lists["places"]:
                self.push(self._person(start, last, gender, office))
            return
        if size <= 5 and "." not in words[-1]:
            self.push(self._person(start, last, gender, office))

    def _holder(self, words: Sequence[str], begin: int) -> int:
        """Where the name of who holds an office begins in a name that opens with a body's; 0 for no such."""
        lists = self.lists
        for at in range(len(words) - 2, max(begin, len(words) - 1 - MAX_PERSON) - 1, -1):
            if words[at] in lists["titles"] or words[at] in lists["person_nouns"]:
                start = at + 1 + (words[at + 1] == "." and at + 2 < len(words))
                return 0 if self.is_body(words, start) else start
        return 0

    def _gender_of(self, word: str, told_by: str) -> str:
        """What a word of the lists for `titles` or `names` tells: "f", "m", or "" for neither."""
        return "f" if word in self.lists["female_" + told_by] else "m" if word in self.lists["male_" + told_by] else ""

    def before_article(self, at: int) -> int:
        """Where a name from token `at` on begins, its "the" included."""
        return at - (at > 0 and self.tokens[at - 1] == "the")

    def _office(self, at: int, first: int) -> str:
        """The office that the word `at` beside or in a name from `first` on tells of; "" for none.

        Words of titles ("of", "former", "state") tell of none by themselves: "millions of Hindus", "the former NBA".
        """
        lists = self.lists
        word = self.tokens[at].lower() if at >= 0 else ""
        if word not in lists["title_parts"]:
            return word
        if (at >= first and word in lists["parties"]) or (word == "and" and self._coordinated(at + 1)):
            return word  # "Republican Bly"; "Carl Mendes and Bly"
        at = self.before_article(at)
        title = self.tokens[at - 2].lower() if at > 1 and self.tokens[at - 1] in ("of", "for") else ""
        return title if title in lists["titles"] - lists["title_parts"] else ""  # "Secretary of State Bly"

    def _is_opener(self, first: int, words: Sequence[str]) -> bool:
        """Whether a name begins with a word that only opens its sentence: "As Congress voted", not "As You Sow"."""
        begins = not first or self.sentence_of[first - 1] != self.sentence_of[first]
        return (
            begins
            and len(words) > 1
            and words[0] in self.lists["openers"]
            and not self.tokens[first].isupper()
            and (words[1] == "the" or words[1] not in self.lists["function_words"])
        )

    def _has_article(self, words: Sequence[str], first: int, begin: int) -> bool:
        """'the Daily Comet': a name with an article of its own is no person's."""
        if not begin:
            return first > 0 and self.tokens[first - 1] == "the"
        return begin == 1 and words[0] == "the"

    def _person(self, start: int, last: int, gender: str, office: str) -> Mention:
        mention = self.mention(start, last, "named")
        first_name, key = self.tokens[start].lower(), self.tokens[last - 1].lower()
        known = self._gender_of(first_name, "names")
        if not gender and last - start > 1:
            gender = known
        mention.gender = gender or self.genders.get(key, "")
        if last - start > 1:
            self._bear(key, mention)
            is_acronym = self.tokens[start].isupper() and len(self.tokens[start]) > MAX_INITIALS  # "MIT Sloan"
            if known or not is_acronym:
                self.full.setdefault(first_name, mention)
        if office:
            self.offices[office.lower()] = mention
        return mention

    def _bear(self, key: str, mention: Mention) -> None:
        """Of people who share a name the one whom it stands for alone: whom the text names in full most often.

        Where that is undecided, the one named first, if it begins with a first name: a headline's capitals may not. Who
        only begins with the name gives way.
        """
        self.named[mention.name] = self.named.get(mention.name, 0) + 1
        bearer = self.full.get(key)
        if bearer is not None and bearer.name != mention.name and not self._gives_way(bearer, key):
            lead = self.named.get(bearer.name, 0) - self.named[mention.name]
            first = bearer.name.partition(" ")[0].lower()
            if lead > 0 or (lead == 0 and self._gender_of(first, "names")):
                return
        self.full[key] = mention

    def _gives_way(self, bearer: Mention, key: str) -> bool:
        """Whether somebody only has this as a first name: "Paul Moss" to "Ann Paul", but not "Kim Jong Un"."""
        is_first = bearer.kind == "named" and not bearer.name.lower().endswith(key)
        return is_first and bool(self._gender_of(key, "names")) and key not in self.lists["family_first"]

    def is_contraction(self, word: str) -> bool:
        """I'm, he'd, they've: no part of a name."""
        whole = word.replace("’", "'").partition("'")
        return bool(whole[1]) and any(
            whole[0] in self.lists[name] for name in ("first_person", "singular_pronouns", "plural_pronouns")
        )

    def mention(self, first: int, last: int, kind: str) -> Mention:
        """A mention of these tokens, with what their place tells of it."""
        sentence = self.sentence_of[first]
        leads = not self.recent or self.recent[-1].sentence != sentence
        return Mention(
            first,
            last,
            self.surface(first, last),
            kind,
            leads=leads,
            sentence=sentence,
            quoted=self.quote_of[first],
        )

    def _coordinated(self, start: int) -> bool:
        """Whether 'X and' stands before this name."""
        return start >= 2 and self.tokens[start - 1] == "and" and self.shapes[start - 2] in CAPITAL_SHAPES

    def push(self, mention: Mention) -> None:
        """Remember a mention; "X and Y" is one."""
        if self._coordinated(mention.first) and self.recent and self.recent[-1].last == mention.first - 1:
            pair = self.recent.pop()
            mention = Mention(
                pair.first, mention.last, self.surface(pair.first, mention.last), mention.kind, plural=True,
                leads=pair.leads, sentence=pair.sentence, quoted=pair.quoted,
            )  # fmt: skip
        self.recent.append(mention)
        if len(self.recent) > MEMORY:
            del self.recent[0]

    def is_body(self, words: Sequence[str], begin: int = 0) -> bool:
        """Whether a capitalised name is an organisation, a state or a place."""
        lists = self.lists
        names = words[begin:]
        if not lists["organisation_nouns"].isdisjoint(names):
            return True
        if names[-1] in lists["places"] or (names[0] in lists["organisation_names"] and len(names) <= 2):
            return len(names) == 1 or not self._gender_of(names[0], "names")
        return False
