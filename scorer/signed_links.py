"""What is signed is the signer's alone: what a signature leaves of the links that others have."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from scorer.assembly import Link, hull_of, overlap
from scorer.signatures import LONGEST_POST, Signature
from scorer.tagger import Run
from scorer.text import Text

_FIRST_PERSON = frozenset(("i", "we", "my", "our"))
_THIRD_PERSON = frozenset(("he", "she", "they", "who"))


def apart(text: Text, links: Sequence[Link], signed: Sequence[Signature]) -> list[Link]:
    """The links, and those of what is signed behind them; what is signed is nobody else's.

    Only who has the same name, or a pronoun right before it, keeps it too ("he tweeted:"). "I" in it is who signs it.
    """
    hulls = [one.hull() for one in signed]
    ends = [end for _, end in hulls]
    found = []
    for link in links:
        first, last = hull_of(link)
        at = bisect_right(ends, first)
        if at == len(hulls) or hulls[at][0] >= last:  # as of most links
            found.append(link)
            continue
        left: Link | None = link
        runs = [run for run in (link.source, link.cue, *link.content) if run is not None]
        near = {i for first, last in runs for i in _over(hulls, ends, first, last)}
        for i in sorted(near):
            left = left and _beside(text, left, signed[i])
        if left is not None:
            found.append(left)
    return found + [Link(one.name, one.mark, [one.words]) for one in signed]


def _over(hulls: Sequence[Run], ends: Sequence[int], first: int, last: int) -> Iterator[int]:
    """Which of the stretches, in order and apart from each other, hold some of the tokens first, ..., last - 1."""
    at = bisect_right(ends, first)
    while at < len(hulls) and hulls[at][0] < last:
        yield at
        at += 1


def _beside(text: Text, link: Link, signature: Signature) -> Link | None:
    """What a signature leaves of a link; None for nothing."""
    begin, end = signature.words
    runs = [run for run in (link.source, link.cue) if run is not None]
    if any(overlap(run, signature.whole) for run in runs):
        return None
    inside = [overlap(run, signature.words) for run in runs]
    source = _words(text, link.source)
    if all(inside):
        content = [(max(first, begin), min(last, end)) for first, last in link.content]
        is_whose = bool(source & _FIRST_PERSON)
    else:
        is_whose = any(inside)
        announces = bool(source & _THIRD_PERSON) and _is_before(text, link, begin)
        if not is_whose and (announces or source & _words(text, signature.name)):
            return link
        content = [
            part for first, last in link.content for part in ((first, min(last, begin)), (max(first, end), last))
        ]
    content = [(first, last) for first, last in content if first < last]
    return None if is_whose or (link.content and not content) else Link(link.source, link.cue, content)


def _is_before(text: Text, link: Link, begin: int) -> bool:
    """Whether a link's cue stands in the line before the one that begins with a token."""
    if link.cue is None or link.cue[1] > begin:
        return False
    start, end = int(text.ends[link.cue[1] - 1]), int(text.starts[begin])
    return (
        end - start <= LONGEST_POST
        and sum(not line.isspace() for line in text.normal[start:end].split("\n") if line) <= 1
    )


def _words(text: Text, run: Run | None) -> set[str]:
    """The words of a run in lower case, "we" of "we're"; none of no run."""
    tokens = text.tokens[slice(*run)] if run is not None else []
    return {token.replace("’", "'").split("'")[0].lower() for token in tokens if token[0].isalnum()}
