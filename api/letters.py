"""Disguised letters made visible: what a word reads as, and which characters do the disguising."""

from __future__ import annotations

import unicodedata

from scorer.normal import normalise, signs_of
from scorer.signals.obfuscation import HOW_IN_WORDS, disguises

MAX_NAMED = 4
"""Characters of one word that are named; the rest are counted."""


def disguise(quote: str | None, how: str | None) -> tuple[str, tuple[str, ...]]:
    """What is said of a disguised word, and the badge behind it; without the word only the kind of disguise."""
    kind = HOW_IN_WORDS.get(how or "", "altered characters")
    if quote is None:
        return kind, ()
    reads = normalise(quote).text
    if how == "spaced":
        reads = "".join(reads.split())
    named = list(dict.fromkeys(character_words(quote[at]) for at, _ in disguises(quote, signs_of(quote).altered)))
    more = f" and {len(named) - MAX_NAMED} more" if len(named) > MAX_NAMED else ""
    told = f" ({', '.join(named[:MAX_NAMED])}{more})" if named else ""
    return f"{kind}{told}; read as “{reads}”", (f"reads {reads}",)


def character_words(character: str) -> str:
    """A character by its code point and its name in Unicode.

    >>> character_words("\u0430")
    'U+0430 Cyrillic small letter a'
    """
    name = unicodedata.name(character, "unnamed").lower()
    return f"U+{ord(character):04X} {name[:1].upper()}{name[1:]}"
