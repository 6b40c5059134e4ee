"""Takes the article's words out of an assessment, so that what is stored holds findings, figures and positions only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SPAN_WORDS = {"kind", "source_kind", "standing", "class"}
"""Keys of a span whose words are ours; every other word in a span may be the article's."""

SPAN_NUMBERS = {"start", "end", "contribution", "sourced", "unconfirmed", "confidence"}
"""Keys of a span whose values can only be numbers."""

SPAN_PLACES = {"source", "cue", "content", "hedge", "approximator"}
"""Keys of a span whose value says where the words stand, as [start, end] or several of these."""

_NUMBERS = frozenset((type(None), bool, int, float))
_LISTS = frozenset((list, tuple))
_PLAIN = SPAN_WORDS | SPAN_NUMBERS

_QUOTE = re.compile("[“‘\"']")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def without_text(assessment: Mapping[str, Any]) -> dict[str, Any]:
    """The assessment without text, title, teaser texts and addresses, names, and words that a summary quotes."""
    kept = {name: value for name, value in assessment.items() if name not in ("text", "title")}
    kept["signals"] = [_signal(signal) for signal in assessment["signals"]]
    kept["warnings"] = [_unquoted(warning) for warning in assessment["warnings"]]
    model = assessment.get("text_model")
    if model:
        kept["text_model"] = {**model, "top_terms": [_numbers(term) for term in model.get("top_terms", ())]}
    return kept


def _signal(signal: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in signal.items():
        if name == "spans":
            kept[name] = [_span(span) for span in value]
        elif name == "summary":
            kept[name] = _unquoted(value)
        elif name == "metrics":
            kept[name] = _numbers(value)
        elif name == "name" or type(value) in _NUMBERS:
            kept[name] = value
        elif isinstance(value, list):  # teasers, and lists that a later signal may add
            kept[name] = [{"text": None, "href": None, **_numbers(item)} for item in value if isinstance(item, Mapping)]
    return kept


def _span(span: Mapping[str, Any]) -> Mapping[str, Any]:
    if span.keys() <= _PLAIN:  # as most are: a place and a kind
        return span
    kept = {
        name: value
        for name, value in span.items()
        if name in _PLAIN or type(value) in _NUMBERS or (name in SPAN_PLACES and type(value) in _LISTS)
    }
    if span["kind"] == "attribution":
        kept["resolved"] = None
    return kept


def _numbers(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if type(value) in _NUMBERS}


def _unquoted(sentence: str) -> str:
    return _QUOTED.sub("[…]", sentence) if _QUOTE.search(sentence) else sentence
