"""What settles a figure's status by its wording alone: plain patterns that few labelled figures teach.

The guide of the labelled figures settles these cases, and they are rare. Each looks a bounded number of tokens to
either side, so that a text's length costs no more than a proportion of it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from importlib import resources

import numpy as np

from scorer.figure_features import Form
from scorer.lexicon import Lexicon, key_of
from scorer.text import Text

HELD_REACH = 8
"""Tokens after a figure among which "are thought to" speaks of it."""

SUBJECT_REACH = 5
"""Tokens after a figure among which "could" or "reportedly" makes it the subject of what is open ("some 80 million
people may be"); it must begin its clause within so many tokens too.
"""

CLAIM_REACH = 30
"""Tokens before a figure among which "claimed that" speaks of it."""

ESTIMATE_REACH = 14
"""Tokens before a figure among which "the agency estimates" speaks of it."""

POLL_REACH = 60
"""Tokens on either side of a share among which a poll is taken for its source."""

ADJECTIVE_REACH = 3
"""Tokens after a figure among which "suspected" belongs to what is counted ("680 suspected poachers")."""

CONDITION_REACH = 5
"""Tokens before "confirmed," among which an "if" makes it a condition."""

SHARES = (Form.PERCENT, Form.RATIO, Form.FRACTION)
"""Forms in which the answers of a poll are given."""


def _lists() -> dict[str, frozenset[str]]:
    table = json.loads((resources.files("scorer") / "signals" / "figure_rules.json").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items() if name != "origin"}


_WORDS = _lists()
_SUGGEST = _WORDS["suggest"]
_FINDINGS = _WORDS["findings"]
_HELD = _WORDS["held"]
_BE = _WORDS["be"]
_GUESSED = _WORDS["guessed"]
_MAY = _WORDS["may"]
_HEARD = _WORDS["heard"]
_OPENS = _WORDS["opens"]
_BORDERS = _WORDS["borders"]
_QUANTIFIES = _WORDS["quantifies"]
_TURNS = _WORDS["turns"]
_BREAKS = _WORDS["breaks"]
_IF_SO = _WORDS["if_so"]
_CLAIM = _WORDS["claim"]
_CLAIMED = _WORDS["claimed"]
_ESTIMATE = _WORDS["estimate"]
_NO_AGENT = _WORDS["no_agent"]
_NOUN_AFTER = _WORDS["noun_after"]
_POLL = _WORDS["poll"]
_COUNTED = _WORDS["counted"]
_ELECTORS = _WORDS["electors"]
_FILED = _WORDS["filed"]
_TAKES = _WORDS["takes"]
_LIVES = _WORDS["lives"]
_ERRORS = _WORDS["errors"]
THE = _WORDS["the"]
_OPENING = _SUGGEST | _HELD | _OPENS | _CLAIM | _IF_SO
"""No figure is open without one of them: few sentences have any, so that one look spares the others."""

_SETTLING = _COUNTED | _TAKES | {"likely", "claims"}
"""No figure is settled in spite of hedges without one of them."""

POLLS, ESTIMATES, TELLS, SUGGESTS, HOLDS, OPENS, CLAIMS, IF_SO, SETTLES = (1 << bit for bit in range(9))
"""Bits of a sign: words without which a rule says no."""


class Signs:
    """Where in a text the words may stand without which `is_open`, `is_settled`, `is_sourced` and `is_told` say no, by
    their ids: words that the lexicon lacks share one, so that a sign is no proof.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.table = np.zeros(len(lexicon), dtype=np.uint16)
        for sign, words in (
            (POLLS, _POLL), (ESTIMATES, _ESTIMATE), (TELLS, ("that",)), (SUGGESTS, _SUGGEST), (HOLDS, _HELD),
            (OPENS, _OPENS), (CLAIMS, _CLAIM), (IF_SO, _IF_SO), (SETTLES, _SETTLING),
        ):  # fmt: skip
            self.table[[lexicon.word_id(key_of(word)) for word in words]] |= np.uint16(sign)

    def of(self, text: Text) -> list[int]:
        """Of each token its signs."""
        signs: list[int] = self.table[text.words].tolist()
        return signs


def _may_stand(signs: Sequence[int], wanted: int, start: int, stop: int) -> bool:
    return any(sign & wanted for sign in signs[start:stop])


def may_be_open(signs: Sequence[int], begin: int, first: int, last: int, end: int) -> bool:
    """Whether `is_open` needs asking."""
    return (
        _may_stand(signs, SUGGESTS | CLAIMS, max(begin, first - CLAIM_REACH), first)
        or _may_stand(signs, HOLDS, last, min(end, last + HELD_REACH))
        or _may_stand(signs, OPENS, last, min(end, last + SUBJECT_REACH + 1))
        or _may_stand(signs, IF_SO, begin, first)
    )


def may_be_sourced(signs: Sequence[int], past: int, begin: int, first: int, last: int, end: int, form: int) -> bool:
    """Whether `is_sourced` needs asking."""
    if _may_stand(signs, ESTIMATES, max(begin, first - ESTIMATE_REACH), first):
        return True
    return form in SHARES and _may_stand(signs, POLLS, max(past, first - POLL_REACH), min(end, last + POLL_REACH))


def may_be_settled(signs: Sequence[int], begin: int, first: int, last: int, end: int) -> bool:
    """Whether `is_settled` needs asking."""
    return _may_stand(signs, SETTLES, max(begin, first - CLAIM_REACH), min(end, last + CLAIM_REACH))


def may_be_told(signs: Sequence[int], begin: int, first: int) -> bool:
    """Whether `figure_findings.is_told` needs asking."""
    return _may_stand(signs, TELLS, max(begin, first - CLAIM_REACH), first)


def takes_up(tokens: Sequence[str], first: int) -> bool:
    """Whether a number word at `first` takes up what is known ("the two upset towns") and so counts nothing."""
    return first > 0 and tokens[first - 1] in THE


def is_open(tokens: Sequence[str], begin: int, first: int, last: int, end: int) -> bool:
    """Whether the sentence begin, ..., end - 1 leaves the figure first, ..., last - 1 open: something only suggests it,
    it is only thought or said by hearsay, somebody claims it, or a condition stands before it.
    """
    start = max(begin, first - CLAIM_REACH)
    if _OPENING.isdisjoint(tokens[start : min(end, last + HELD_REACH)]):
        return False
    if _is_suggested(tokens, start, first):
        return True
    after = tokens[last : min(end, last + HELD_REACH)]
    if any(
        be in _BE and held in _HELD and to in ("to", "that")
        for be, held, to in zip(after, after[1:], after[2:], strict=False)
    ):
        return True
    return (
        _is_subject(tokens, begin, first, after)
        or _is_claimed(tokens, begin, first, last)
        or _is_conditional(tokens, begin, first)
    )


def _is_suggested(tokens: Sequence[str], start: int, first: int) -> bool:
    """Findings suggest something; a person who "suggested $5bn" proposes it."""
    if _SUGGEST.isdisjoint(tokens[start:first]):
        return False
    for at in range(first - 1, start - 1, -1):
        if tokens[at] in _SUGGEST:
            if tokens[at + 1] == "that":
                return True
            before = tokens[max(start, at - 3) : at]
            if tokens[at + 1] in _BORDERS or before[-1:] == ["by"]:
                return False
            return tokens[at] != "suggested" or not _FINDINGS.isdisjoint(word.lower() for word in before)
    return False


def _is_subject(tokens: Sequence[str], begin: int, first: int, after: Sequence[str]) -> bool:
    near = after[: SUBJECT_REACH + 1]
    if _OPENS.isdisjoint(near):
        return False
    start = first
    while start > begin and tokens[start - 1] not in _BORDERS:
        start -= 1
        if first - start > SUBJECT_REACH or tokens[start].lower() not in _QUANTIFIES:
            return False
    able = not {"only", "Only", "just", "Just"}.isdisjoint(tokens[start:first])  # "only 8 % could name it"
    for at, word in enumerate(near):
        if word in _BREAKS:
            return False
        if word in _MAY:
            return after[at + 1 : at + 2] != ["not"] and not able
        if word in _HEARD or (word in _GUESSED and at and near[at - 1] in _BE):
            return True
    return False


def _is_claimed(tokens: Sequence[str], begin: int, first: int, last: int) -> bool:
    start = max(begin, first - CLAIM_REACH)
    if _CLAIM.isdisjoint(tokens[start:first]):
        return False
    for at in range(first - 1, start - 1, -1):
        if tokens[at] in _TURNS:
            return False
        if tokens[at] in _CLAIM:
            return tokens[at + 1] in _CLAIMED and "lives" not in tokens[at + 1 : last + 3]
    return False


def _is_conditional(tokens: Sequence[str], begin: int, first: int) -> bool:
    """Whether the figure opens what holds only under a condition: "If confirmed, some 45,000 homes"."""
    at = first
    while at > begin and tokens[at - 1].lower() in _QUANTIFIES:
        at -= 1
    if at - begin < 3 or tokens[at - 1] != "," or tokens[at - 2] not in _IF_SO:
        return False
    return any(word.lower() == "if" for word in tokens[max(begin, at - 2 - CONDITION_REACH) : at - 2])


def is_settled(tokens: Sequence[str], begin: int, first: int, last: int, end: int, hedges: int) -> bool:
    """Whether all cues of the sentence (`hedges` of them) are adjectives of what is counted or no doubts at all: the
    count is settled. "Likely voters" vote, "claims" are filed, an illness "claims lives".
    """
    if not hedges:
        return False
    after = tokens[last : min(end, last + ADJECTIVE_REACH)]
    counted = 0
    if _BE.isdisjoint(after) and "starting" not in after:
        counted = sum(word in _COUNTED for word in after)
    return hedges == counted + _no_doubts(tokens[max(begin, first - CLAIM_REACH) : min(end, last + CLAIM_REACH)])


def _no_doubts(words: Sequence[str]) -> int:
    found = 0
    if "likely" in words:
        found += sum(one == "likely" and two in _ELECTORS for one, two in itertools.pairwise(words))
    if "claims" in words:
        found += sum(two == "claims" and one in _FILED for one, two in itertools.pairwise(words))
    for at, word in enumerate(words):
        if word in _TAKES and not _LIVES.isdisjoint(words[at + 1 : at + 9]):
            found += 1
    return found


def is_sourced(tokens: Sequence[str], past: int, begin: int, first: int, last: int, end: int, form: int) -> bool:
    """Whether somebody estimates the figure, or a poll named in its sentence or the one before answers with it.

    The sentence is begin, ..., end - 1, the one before begins at `past`.
    """
    if form in SHARES and not _POLL.isdisjoint(tokens[max(past, first - POLL_REACH) : min(end, last + POLL_REACH)]):
        return _ERRORS.isdisjoint(tokens[max(begin, first - ESTIMATE_REACH) : first])  # the poll's own
    start = max(begin, first - ESTIMATE_REACH)
    before = tokens[start:first]
    if _ESTIMATE.isdisjoint(before):
        return False
    for at in range(first - 1, max(start - 1, begin), -1):
        if tokens[at] in _ESTIMATE:
            goes_on = tokens[at + 1] if at + 1 < first else ""
            return tokens[at - 1].lower() not in _NO_AGENT and goes_on not in _NOUN_AFTER
    return False
