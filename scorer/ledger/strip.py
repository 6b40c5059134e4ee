"""Takes the article's words out of an assessment, so that what is stored holds findings, figures and positions only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SPAN_WORDS = {"kind", "source_kind", "class"}
"""Keys of a span whose words are ours; every other word in a span may be the article's."""

SPAN_PLACES = ("source", "cue", "content")
"""Keys of a span whose value says where the words stand, as [start, end]."""

_NUMBERS = frozenset((type(None), bool, int, float))
_LISTS = (list, tuple)

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
        elif name == "name" or _is_number(value):
            kept[name] = value
        elif isinstance(value, list):  # teasers, and lists that a later signal may add
            kept[name] = [{"text": None, "href": None, **_numbers(item)} for item in value if isinstance(item, Mapping)]
    return kept


def _span(span: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in span.items() if type(value) in _NUMBERS or name in SPAN_WORDS}
    if len(kept) == len(span):  # as most are: a place and a kind
        return kept
    for name in SPAN_PLACES:
        if isinstance(span.get(name), _LISTS):
            kept[name] = span[name]
    if span["kind"] == "attribution":
        kept["source"], kept["resolved"] = span.get("source"), None
    return kept


def _numbers(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if _is_number(value)}


def _is_number(value: Any) -> bool:
    return type(value) in _NUMBERS


def _unquoted(sentence: str) -> str:
    return _QUOTED.sub("[…]", sentence) if _QUOTE.search(sentence) else sentence
