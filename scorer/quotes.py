"""Quotation marks, paired: which tokens stand inside a quotation.

Straight, curly and angle marks, German order („…“, »…«), single quotes told from apostrophes, quotations that never
close and ones whose every paragraph opens anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Shape
from scorer.text import Text

_OPENS_ALWAYS = frozenset("„‟")
_DOUBLE = frozenset('“”„‟«»"')
_CLOSED_BY = {"“": '”"', "„": '“”"', "‟": '”“"', "«": "»", "»": "«", '"': '"”', "”": '”"'}
_SINGLE_OPEN, _SINGLE_CLOSE = frozenset("‘‛'‹"), frozenset("’'›")
_BEFORE_SINGLE_CLOSE = frozenset(".,!?;:")


Quotation = tuple[int, int, bool]
"""Tokens first, ..., last - 1, marks included, and whether it is closed: False where no closing mark was found."""


def line_starts(text: Text) -> NDArray[np.intp]:
    """Sentences that begin a line, as indices; the first sentence is always one."""
    ends = text.sentences[:-1, 1].tolist()
    starts = text.sentences[1:, 0].tolist()
    normal = text.normal
    found = [
        i for i, (end, start) in enumerate(zip(ends, starts, strict=True), 1) if normal.find("\n", end, start) >= 0
    ]
    return np.array([0, *found] if len(text.sentences) else found, dtype=np.intp)


def quotations(text: Text, lines: NDArray[np.intp]) -> tuple[list[Quotation], list[Quotation]]:
    """Quotations in double and in single marks; `lines` as `line_starts` gives it.

    A double quotation ends with its line at the latest (a quotation of several paragraphs is one a paragraph, all but
    the last unclosed); a single one counts only where it closes before the line ends, since an apostrophe opens none.
    """
    shapes = text.shapes
    marks = np.flatnonzero((shapes >= Shape.QUOTE_OPEN) & (shapes <= Shape.QUOTE_STRAIGHT))
    if not len(marks):
        return [], []
    n = len(shapes)
    borders = text.sentence_tokens[lines]
    line_of = np.searchsorted(borders, marks, side="right").tolist()
    line_ends = [*borders.tolist()[1:], n, n]
    gap_before = np.ones(n + 1, dtype=bool)
    gap_before[1:n] = text.starts[1:] > text.ends[:-1]
    before, after = gap_before[marks].tolist(), gap_before[marks + 1].tolist()
    double: list[Quotation] = []
    single: list[Quotation] = []
    pending, closers, pending_single, line = -1, "", -1, -1
    for at, own_line, spaced, spaced_after in zip(marks.tolist(), line_of, before, after, strict=True):
        if own_line != line:
            if pending >= 0:
                double.append((pending, line_ends[line - 1], False))
            pending, pending_single, line = -1, -1, own_line
        mark = text.tokens[at]
        if mark in _DOUBLE:
            if pending < 0:
                if not (spaced_after and not spaced and at and shapes[at - 1] in (Shape.INTEGER, Shape.NUMBER)):
                    pending, closers = at, _CLOSED_BY[mark]  # not the inch mark of 6'2"
            elif mark in closers and mark not in _OPENS_ALWAYS:
                double.append((pending, at + 1, True))
                pending = -1
            elif mark not in "”»":
                double.append((pending, at, False))
                pending, closers = at, _CLOSED_BY[mark]
        elif pending_single >= 0 and mark in _SINGLE_CLOSE and not (spaced and not spaced_after):
            if spaced_after or text.tokens[at - 1] in _BEFORE_SINGLE_CLOSE:
                single.append((pending_single, at + 1, True))
                pending_single = -1
        elif mark in _SINGLE_OPEN and not spaced_after and (spaced or (at and text.tokens[at - 1] in _DOUBLE)):
            pending_single = at
    if pending >= 0:
        double.append((pending, line_ends[line - 1], False))
    return double, single
