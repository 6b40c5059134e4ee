"""An assessment as a person reads it in a terminal: how the article reads, why, and the words that say so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorer import words
from scorer.assessment import Assessment
from scorer.findings import is_counted

QUOTED = 12
"""How many findings of a kind are quoted; the rest are counted (`--json` has all of them)."""

BAR_WIDTH = 16
SNIPPET = 90
"""Longest quotation, in characters."""

_COLOURS = {"reliable": "green", "mixed": "yellow", "unreliable": "red", "satire": "magenta"}


def print_report(
    assessment: Assessment, explain: str = "full", include_text: bool = False, console: Console | None = None
) -> None:
    """Print the report. Colours only on a terminal, and not where NO_COLOR is set (https://no-color.org)."""
    console = console or Console(file=sys.stdout, highlight=False, emoji=False, markup=False, soft_wrap=False)
    fields = assessment.to_dict(explain)
    quote = Quoter(assessment)
    console.print(Text(_one_line(assessment.title) or "(no title)", style="bold"))
    console.print()
    console.print(Text(words.verdict(fields), style=f"bold {_COLOURS.get(fields['label'], 'cyan')}"))
    console.print(words.risk(fields))
    console.print(Text(words.meaning(fields), style="dim"))
    genre = ", ".join(f"{name} {words.percent(share)}" for name, share in (fields.get("genre") or {}).items())
    console.print(Text(f"Genre: {genre or 'unknown'}. Language: {fields['language'] or 'unknown'}.", style="dim"))
    for warning in fields["warnings"]:
        console.print(Text(f"! {warning}", style="yellow"))
    if fields["risk"] is not None:
        console.print()
        console.print(_waterfall(fields))
    for signal in fields["signals"]:
        console.print()
        console.print(_heading(signal))
        for line in _evidence(signal, quote):
            console.print(Padding(line, (0, 0, 0, 2)))
    terms = (fields.get("text_model") or {}).get("top_terms") or []
    if terms:
        console.print()
        console.print(Text("Choice of words", style="bold"))
        console.print(Padding(_terms(terms, quote), (0, 0, 0, 2)))
    if include_text:
        console.print()
        console.print(Text(assessment.text))
    console.print()
    console.print(Text(words.NO_CLAIM, style="italic"))
    versions = ", ".join(f"{name} {version}" for name, version in fields["versions"].items())
    console.print(Text(f"id {fields['id']}; base rate {words.percent(fields['base_rate'])}; {versions}", style="dim"))


class Quoter:
    """Quotes the words a span stands for, on one line."""

    def __init__(self, assessment: Assessment) -> None:
        self.text, self.title = assessment.text, assessment.title

    def __call__(self, span: Any, in_title: bool = False) -> str:
        text = self.title if in_title else self.text
        return _one_line(text[span[0] : span[1]])


def _one_line(text: str) -> str:
    # Control characters of an article must not reach the terminal: they could move the cursor or change its title.
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1].rstrip() + "…"


def _waterfall(fields: Mapping[str, Any]) -> Table:
    steps = words.contributions(fields)
    widest = max(1e-9, max(abs(value) for _, value, _ in steps))
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("What moves it")
    table.add_column("lower risk", justify="right", width=BAR_WIDTH)
    table.add_column("higher risk", width=BAR_WIDTH)
    table.add_column("log-odds", justify="right")
    table.add_column("risk so far", justify="right")
    for name, value, risk in steps:
        bar = "█" * round(BAR_WIDTH * abs(value) / widest)
        lower, higher = (bar, "") if value < 0 else ("", bar)
        table.add_row(name, Text(lower, style="green"), Text(higher, style="red"), f"{value:+.2f}", words.percent(risk))
    total = sum(value for _, value, _ in steps)
    table.add_row(Text("Together", style="bold"), "", "", f"{total:+.2f}", words.percent(fields["risk"]))
    return table


def _heading(signal: Mapping[str, Any]) -> Text:
    heading = Text(words.SIGNALS.get(signal["name"], signal["name"]), style="bold")
    if signal.get("summary"):
        heading.append(f": {signal['summary']}", style="not bold")
    if signal.get("prior"):
        heading.append(" (prior weight)", style="dim not bold")
    return heading


def _evidence(signal: Mapping[str, Any], quote: Quoter) -> Iterator[Text]:
    by_kind: dict[str, list[Text]] = {}
    spans = signal.get("spans", ())
    for span in filter(is_counted, spans):
        line = _TELL.get(span["kind"], _tell_other)(span, quote, signal["name"] == "headline")
        by_kind.setdefault(words.kind_of(span), []).append(line)
    for kind, lines in by_kind.items():
        yield from lines[:QUOTED]
        if len(lines) > QUOTED:
            yield Text(f"… and {len(lines) - QUOTED} more of this kind ({kind})", style="dim")
    left = sum(not is_counted(span) for span in spans)
    if left:
        what = "one that is" if left == 1 else f"{left} that are"
        yield Text(f"not counted: {what} unclear or the writer's own words", style="dim")
    for teaser in signal.get("teasers", ())[:QUOTED]:
        marks = [
            mark for mark, is_so in (("unrelated", teaser["related"] < 0.5), ("bait", teaser["bait"] >= 0.5)) if is_so
        ]
        line = Text(_one_line(teaser.get("text") or "(text not kept)"), style="strike" if teaser["flagged"] else "")
        yield line.append(Text(f"  {' · '.join(marks) or 'related'}", style="not strike dim"))


def _tell_attribution(span: Mapping[str, Any], quote: Quoter, in_title: bool) -> Text:
    source = quote(span["source"]) if span.get("source") else "(nobody named)"
    line = Text(source, style="cyan")
    line.append(" · ", style="dim").append(quote(span["cue"]) if span.get("cue") else "", style="blue")
    return line.append(f"  {words.attribution(span)}", style="dim")


def _tell_figure(span: Mapping[str, Any], quote: Quoter, in_title: bool) -> Text:
    line = Text(quote((span["start"], span["end"]), in_title), style="bold")
    doubtful = not span.get("sourced") or span.get("unconfirmed")
    return line.append(f" · {words.figure(span, quote)}", style="yellow not bold" if doubtful else "not bold")


def _tell_other(span: Mapping[str, Any], quote: Quoter, in_title: bool) -> Text:
    line = Text(words.kind_of(span), style="dim")
    return line.append(f": {quote((span['start'], span['end']), in_title)}", style="not dim")


_TELL = {"attribution": _tell_attribution, "figure": _tell_figure}


def _terms(terms: list[Mapping[str, Any]], quote: Quoter) -> Text:
    line = Text()
    for term in terms[:QUOTED]:
        words_of = quote((term["start"], term["end"]))
        if words_of:
            style = "red" if term["contribution"] > 0 else "green"
            line.append(", " if line else "").append(words_of, style=style).append(f" {term['contribution']:+.2f}")
    return line
