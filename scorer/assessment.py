"""The answer: an `Assessment` and its JSON, the same through every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from scorer.values import value

SCHEMA_VERSION = "v1"
RULES_VERSION = "1"
"""Raised when a rule of a signal changes what it finds without a new model."""

EXPLAIN = ("none", "summary", "full")
"""How much evidence an answer carries: no signals; signals without spans; everything."""


@value(frozen=True, slots=True)
class Assessment:
    """An assessment as a JSON-ready mapping (scorer/schema/assessment.json says what is in it)."""

    fields: Mapping[str, Any]
    text: str = ""
    """The text that evidence counts in: the caller's own, or the one extracted from the page."""
    title: str = ""
    """The title that headline evidence counts in: given, taken from the page, or the text's first line."""

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @property
    def signals(self) -> Mapping[str, Mapping[str, Any]]:
        """The signals by name."""
        return {signal["name"]: signal for signal in self.fields["signals"]}

    def to_dict(self, explain: str = "full", include_text: bool = False) -> dict[str, Any]:
        """The JSON object, with as much evidence as `explain` says (one of `EXPLAIN`).

        `include_text` adds `text` and `title`.
        """
        fields = dict(self.fields)
        if include_text:
            fields |= {"title": self.title, "text": self.text}
        if explain == "none":
            fields["signals"] = [{"name": s["name"], "contribution": s["contribution"]} for s in fields["signals"]]
        elif explain == "summary":
            fields["signals"] = [_without(s, ("spans", "teasers")) for s in fields["signals"]]
        if explain != "full" and fields.get("text_model"):
            fields["text_model"] = _without(fields["text_model"], ("top_terms",))
        return fields

    def to_json(self, explain: str = "full", include_text: bool = False) -> bytes:
        """The same as UTF-8 JSON, one line."""
        return orjson.dumps(self.to_dict(explain, include_text))


def _without(mapping: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}
