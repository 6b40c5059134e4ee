"""Comparing what was found in an article with what a person found in it (as in tests/data/golden/dam.expected.json)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Finding = Mapping[str, Any]


def signal(assessment: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """One signal of an assessment as it comes from the API."""
    found: Mapping[str, Any] = next(s for s in assessment["signals"] if s["name"] == name)
    return found


def spans(assessment: Mapping[str, Any], name: str, kind: str) -> list[Finding]:
    """The spans of one kind of a signal, in order."""
    return [span for span in signal(assessment, name)["spans"] if span["kind"] == kind]


def missing_figures(body: str, found: Sequence[Finding], expected: Sequence[Finding]) -> list[str]:
    """What is wrong with the figures found, one line each; empty where all is as expected."""
    wrong = []
    for want in expected:
        got = next((f for f in found if want["text"] in body[f["start"] : f["end"]]), None)
        if got is None:
            wrong.append(f"{want['text']}: not found")
            continue
        for property_ in ("sourced", "unconfirmed"):
            if want[property_] is not None and got[property_] != want[property_]:
                wrong.append(f"{want['text']}: {property_} is {got[property_]}, because {want['why']}")
    known = {want["text"] for want in expected}
    for figure in found:
        words = body[figure["start"] : figure["end"]]
        if not any(text in words for text in known):
            wrong.append(f"{words}: is no figure")
    return wrong


def missing_attributions(body: str, found: Sequence[Finding], expected: Sequence[Finding]) -> list[str]:
    """The expected attributions that were not found with their source (or cue) and source kind."""
    return [
        f"{want.get('source', want.get('cue'))} ({want['kind']})"
        for want in expected
        if not any(_is(body, got, want) for got in found)
    ]


def _is(body: str, got: Finding, want: Finding) -> bool:
    if got["source_kind"] != want["kind"]:
        return False
    if "source" not in want:
        return want["cue"] in body[got["start"] : got["end"]]
    return bool(got["source"]) and same_name(body[slice(*got["source"])], want["source"])


def same_name(one: str, other: str) -> bool:
    """The same source, give or take a title, an article or an abbreviation in brackets; a pronoun is only itself."""
    short, long = sorted((plain(one), plain(other)), key=len)
    if short == long:
        return True
    long_enough = len(short) * 3 >= len(long) and len(short) > 4
    abbreviation = len(short) > 1 and short in long.split() and re.search(rf"\b{short.upper()}\b", one + " " + other)
    return bool(long_enough and re.search(rf"\b{re.escape(short)}\b", long)) or bool(abbreviation)


def plain(text: str) -> str:
    """Words only, in lower case."""
    return re.sub(r"\W+", " ", text).strip().lower()
