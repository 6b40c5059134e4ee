"""Sources that stand after what they said: "confirmed by the ministry", "reports from the agency that …".

The tagger reads most attributions by example; these few forms are closed enough to be read by rule, and they are those
a reader looks for first where a claim is checked ("verified by", "not confirmed by").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.assembly import Link
from scorer.lexicon import Lexicon, Shape
from scorer.tagger import Run
from scorer.text import Text

MAX_NAME = 14
"""Tokens of the longest name read after "by" or "from"."""

KINDS_OF_DOCUMENT = frozenset(("survey", "satellite", "polling"))
"""Words that say what kind of document it is, though they are none themselves."""

_CAPITALS = np.zeros(len(Shape), dtype=bool)
_CAPITALS[[Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL]] = True


@cache
def rules() -> Mapping[str, Any]:
    """Word lists and limits, by the names they have in scorer/signals/agents.json."""
    table: dict[str, Any] = json.loads(
        (resources.files("scorer") / "signals" / "agents.json").read_text(encoding="utf-8")
    )
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in table.items()}


def trigger_words() -> frozenset[str]:
    """Words at which such a source may be read."""
    words: frozenset[str] = rules()["claims"] | rules()["showing"] | {"by"}
    return words


class Agents:
    """Finds such sources with their cues (scorer/signals/agents.json)."""

    def __init__(self, lexicon: Lexicon) -> None:
        id_of = lexicon.id_of
        self.triggers: NDArray[np.bool_] = np.zeros(len(lexicon), dtype=bool)
        self.triggers[[id_of[word] for word in trigger_words() if word in id_of]] = True

    def find(self, text: Text) -> list[Link]:
        """Links with a source and a cue, in order of appearance; at most one for each "by", claim and participle."""
        found = []
        showing = rules()["showing"]
        for at in self.triggers[text.words].nonzero()[0].tolist():
            begin, end = text.sentence_of(at)
            word = text.tokens[at].lower()
            if word == "by":
                link = _done_by(text, at, begin, end)
            elif word in showing:
                link = _shown(text, at, begin, end)
            else:
                link = _claimed(text, at, end)
            if link is not None:
                found.append(link)
        return found


def _done_by(text: Text, by: int, begin: int, end: int) -> Link | None:
    """Read "not confirmed by the ministry", "shared with reporters by the ministry"."""
    lists = rules()
    participles, breaks = lists["participles"], lists["breaks"]
    for at in range(by - 1, max(begin, by - lists["between"]) - 1, -1):
        word = text.tokens[at].lower()
        if word in participles:
            source = _name(text, by + 1, end)
            return Link(source, (at, at + 1)) if source is not None else None
        if not word[0].isalnum() or word in breaks or word.endswith("ed"):
            return None  # "rejected a push by …" names who pushed, "a leaked memo obtained by …" who got it
    return None


def _claimed(text: Text, at: int, end: int) -> Link | None:
    """Read "reports from the agency that …": who reports, and what."""
    if at + 2 >= end or text.tokens[at + 1].lower() not in rules()["from"]:
        return None
    source = _name(text, at + 2, end)
    if source is None or source[1] >= end or text.tokens[source[1]].lower() != "that":
        return None
    if text.tokens[at + 1].lower() == "from" and _is_place(text, source):
        return None
    return Link(source, (at, at + 1), [(source[1], _clause_end(text, source[1], end))])


def _shown(text: Text, at: int, begin: int, end: int) -> Link | None:
    """Read "survey data suggesting that …": the document is the source, the participle its cue."""
    lists = rules()
    if at == begin or text.tokens[at - 1].lower() not in lists["documents"]:
        return None
    first = at - 1
    # one word that says what kind of document it is; a verb before it ("noted figures") is none
    if first - 1 > begin and text.tokens[first - 1].lower() in lists["documents"] | KINDS_OF_DOCUMENT:
        first -= 1
    last = _clause_end(text, at + 1, end)
    return Link((first, at), (at, at + 1), [(at + 1, last)]) if last > at + 1 else None


def _clause_end(text: Text, first: int, end: int) -> int:
    """Where the sentence's words end: before its full stop."""
    return end - 1 if end - 1 > first and text.tokens[end - 1] in (".", "!", "?") else end


def _name(text: Text, first: int, end: int) -> Run | None:
    """A capitalised name from `first` on, an article before it and an acronym in brackets after it included."""
    lists = rules()
    at = first
    while at < end and text.tokens[at].lower() in lists["article"]:
        at += 1
    last = at
    while at < end and at - first < MAX_NAME:
        if _CAPITALS[text.shapes[at]]:
            last = at + 1
        elif text.tokens[at].lower() not in lists["joins"] or last == first or at == last + 2:
            break
        at += 1
    if last == first or not _CAPITALS[text.shapes[last - 1]]:
        return None
    if last + 2 < end and text.tokens[last] == "(" and text.tokens[last + 2] == ")":
        last += 3
    return first, last


def _is_place(text: Text, source: Run) -> bool:
    """One bare word after "from" says where, not who ("reports from Kyiv"), unless it is an acronym."""
    return source[1] - source[0] == 1 and not text.tokens[source[0]].isupper()
