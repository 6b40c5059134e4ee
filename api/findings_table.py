"""The findings of an article as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import Response

from api.found import Found
from api.listing import cell

COLUMNS = ("signal", "kind", "in", "start", "end", "words", "why", "status")


def response(found: Iterable[Found], identifier: str) -> Response:
    """The table as a download; `words` is empty where the text is not at hand."""
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in identifier)[:80]
    told = Response(table(found), content_type="text/csv; charset=utf-8")
    told.headers["Content-Disposition"] = f'attachment; filename="findings-{name}.csv"'
    return told


def table(found: Iterable[Found]) -> str:
    """One line a finding; positions are half-open and count Unicode code points of the text, or of the title."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        place = "title" if one.in_title else "text"
        status = "; ".join(one.badges) if one.is_counted else f"not counted: {one.standing}"
        row = (one.signal, one.kind, place, one.start, one.end, one.quote or "", one.why, status)
        writer.writerow([cell(value) for value in row])
    return out.getvalue()
