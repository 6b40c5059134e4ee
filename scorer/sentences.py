"""Punkt's sentence borders (Kiss & Strunk 2006) from learned parameters, without NLTK on the scoring path.

NLTK's `PunktTrainer` learns the parameters (training/lexicon.py); this matcher decides exactly as NLTK's
`PunktSentenceTokenizer` does with them (a test holds the two equal on real text), one line at a time: a line end always
ends a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_CONTEXT_CHARACTERS = 400
"""A border whose neighbouring words are longer than this together is always a border: no language has such words."""

CACHE_LIMIT = 100_000
"""Decisions remembered a process; past it the memory is dropped and refills."""

_MID_UPPER, _UPPER, _BEGIN_LOWER, _LOWER = 4, 2 + 4 + 8, 16, 16 + 32 + 64  # NLTK's orthographic context flags

_NON_WORD = r"[)\";}\]*:@'({\[‘’“”«»?!]"
_MULTI = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_WORDS = re.compile(
    rf"({_MULTI}|(?=[^(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{_NON_WORD}|{_MULTI}|,(?=$|\s|{_NON_WORD}|{_MULTI}))|\S)"
)
_CANDIDATES = re.compile(rf"[.?!](?=({_NON_WORD}|\s+(\S+)))")
_REALIGN = re.compile(r"[\"')\]}‘’“”«»]+?(?:\s+|(?=--)|$)", re.MULTILINE)
_NUMERIC = re.compile(r"^-?[.,]?\d[\d,.-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_ELLIPSIS = re.compile(r"\.\.+$")
_PLAIN = re.compile(r"([A-Za-z]{2,}[’']?[a-z]*)\.[\s\"”)’']")
_PUNCTUATION = (";", ":", ",", ".", "!", "?")
_BLANK = re.compile(r"[ \t]+")
_LINES = re.compile(r"[^\n]*[^\s][^\n]*")


class Punkt:
    """Sentence borders by learned parameters: abbreviations, collocations, sentence starters, orthographic context."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.abbreviations: frozenset[str] = frozenset(parameters["abbreviations"])
        self.collocations: frozenset[tuple[str, str]] = frozenset((a, b) for a, b in parameters["collocations"])
        self.starters: frozenset[str] = frozenset(parameters["sentence_starters"])
        self.orthography: dict[str, int] = dict(parameters["orthographic_context"])
        self._first_of_collocation = frozenset(a for a, _ in self.collocations)
        self.special = self.abbreviations | self._first_of_collocation
        """Words before a full stop that do not end a sentence whatever follows."""
        self._decisions: dict[str, bool] = {}

    def spans(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Sentences of text[start:end] as [start, end) positions in `text`, in order, none empty."""
        stop = len(text) if end is None else end
        found: list[tuple[int, int]] = []
        for line in _LINES.finditer(text, start, stop):
            first, last = line.span()
            while text[first].isspace():
                first += 1
            found.extend(self._in_line(text, first, last))
        return found

    def _in_line(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Slices between the borders, each with the closing punctuation that follows it (NLTK's realignment)."""
        realigned = 0
        begun, stopped = start, -1
        for next_begun, next_stopped in self._slices(text, start, end):
            if stopped >= 0:
                closing = _REALIGN.match(text, next_begun, next_stopped)
                if closing:
                    yield begun + realigned, next_begun + len(closing.group().rstrip())
                    realigned = closing.end() - next_begun
                else:
                    if begun + realigned < stopped:
                        yield begun + realigned, stopped
                    realigned = 0
            begun, stopped = next_begun, next_stopped
        if begun + realigned < stopped:
            yield begun + realigned, stopped

    def _slices(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        begun = start
        for at, after, next_word, context_start in self._candidates(text, start, end):
            # a question or exclamation mark is a token by itself, which is a border
            if text[at] != "." or self.is_border(text[context_start : at + 1] + after):
                yield begun, at + 1
                begun = next_word if next_word >= 0 else at + 1
        trimmed = end
        while trimmed > begun and text[trimmed - 1].isspace():
            trimmed -= 1
        yield begun, trimmed

    @staticmethod
    def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, str, int, int]]:
        """Possible borders: position, what follows, where the next word starts (or -1), where the word before starts.

        Of candidates within one word ('acting!!!') only the last counts, as in NLTK.
        """
        held: tuple[int, str, int, int] | None = None
        word_start, word_end = start, start
        for match in _CANDIDATES.finditer(text, start, end):
            at = match.start()
            blank = text.rfind(" ", word_end, at)
            # NLTK looks for the last blank before the candidate but not at the very start of the stretch it searches
            word_start = blank + 1 if blank > word_end else word_start
            if held is not None and word_end <= word_start:
                yield held
            word_end = at
            held = (at, match[1], match.start(2), word_start)
        if held is not None:
            yield held

    def is_border(self, context: str) -> bool:
        """Whether a sentence ends in this context: the word before a full stop (or ?, !) to the word after it."""
        if len(context) > MAX_CONTEXT_CHARACTERS:
            return True
        plain = _PLAIN.match(context)
        if plain:
            word = plain[1].lower()
            if word not in self.special:
                return True
        known = self._decisions.get(context)
        if known is None:
            if len(self._decisions) > CACHE_LIMIT:
                self._decisions.clear()
            known = self._decisions[context] = self._decide(context)
        return known

    def _decide(self, context: str) -> bool:
        """Whether a sentence ends inside the context before its last token: both passes of Punkt."""
        tokens = [_Token(word, self.abbreviations) for word in _WORDS.findall(context)]
        for token, following in itertools.pairwise(tokens):
            self._second_pass(token, following)
            if token.border:
                return True
        return False

    def _second_pass(self, token: _Token, following: _Token) -> None:
        if not token.text.endswith("."):
            return
        kind, next_kind = token.kind_no_period, following.kind_no_border
        is_initial = _INITIAL.match(token.text) is not None
        if (kind, next_kind) in self.collocations:
            token.border = False
            return
        next_upper = following.text[0].isupper()
        may_end = (token.abbreviation or token.ellipsis) and not is_initial
        if may_end and (self._starts_sentence(following) is True or (next_upper and next_kind in self.starters)):
            token.border = True
            return
        if is_initial or kind == "##number##":
            starts = self._starts_sentence(following)
            never_lower = not self.orthography.get(next_kind, 0) & _LOWER
            if starts is False or (starts is None and is_initial and next_upper and never_lower):
                token.border = False

    def _starts_sentence(self, token: _Token) -> bool | None:
        """Orthographic heuristic: does this token begin a sentence (None where its use does not tell)."""
        if token.text in _PUNCTUATION:
            return False
        context = self.orthography.get(token.kind_no_border, 0)
        if token.text[0].isupper() and context & _LOWER and not context & _MID_UPPER:
            return True
        if token.text[0].islower() and (context & _UPPER or not context & _BEGIN_LOWER):
            return False
        return None


class _Token:
    """A token with Punkt's first-pass annotation."""

    __slots__ = ("abbreviation", "border", "ellipsis", "kind", "text")

    def __init__(self, text: str, abbreviations: frozenset[str]) -> None:
        self.text = text
        self.kind = _NUMERIC.sub("##number##", text.lower())
        self.border = self.abbreviation = self.ellipsis = False
        if text in (".", "?", "!"):
            self.border = True
        elif _ELLIPSIS.match(text):
            self.ellipsis = True
        elif text.endswith(".") and not text.endswith(".."):
            lowered = text[:-1].lower()
            if lowered in abbreviations or lowered.rsplit("-", 1)[-1] in abbreviations:
                self.abbreviation = True
            else:
                self.border = True

    @property
    def kind_no_period(self) -> str:
        return self.kind[:-1] if len(self.kind) > 1 and self.kind.endswith(".") else self.kind

    @property
    def kind_no_border(self) -> str:
        return self.kind_no_period if self.border else self.kind
