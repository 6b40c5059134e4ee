"""How an assessment is told to a person: the same plain words in the terminal and on the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scorer.findings import is_counted

LABELS = {
    "reliable": "reads like the work of a reliable source",
    "mixed": "reads like the work of a source between reliable and unreliable",
    "unreliable": "reads like the work of an unreliable source",
    "satire": "reads like satire",
    "insufficient_evidence": "gives too little evidence for a judgement",
}

ABSTENTIONS = {
    "too_short": "the text is too short to be judged",
    "language": "the text is in a language the model was not made for",
    "not_an_article": "this does not look like an article",
    "unlike_training": "this is unlike anything the model learned from",
}

NO_CLAIM = (
    "This says how the article reads, not whether what it says is true. Reliable sources get things wrong, and "
    "unreliable ones get things right: look at the evidence."
)

SIGNALS = {
    "attribution": "Who says what",
    "figures": "Figures and hedges",
    "links": "Links around the article",
    "headline": "Headline",
    "style": "Loaded wording",
    "transparency": "Transparency",
    "obfuscation": "Disguised letters",
}

SOURCE_KINDS = {
    "named": "a named person",
    "organisation": "an organisation",
    "document": "a document",
    "anonymous": "an unnamed person",
    "vague": "nobody in particular",
}


def verdict(assessment: Mapping[str, Any]) -> str:
    """One sentence: how the article reads, or why there is no judgement."""
    if assessment["abstained"]:
        reason = ABSTENTIONS.get(assessment["abstained"], str(assessment["abstained"]).replace("_", " "))
        return f"No judgement: {reason}."
    return f"This article {LABELS[assessment['label']]}."


def risk(assessment: Mapping[str, Any]) -> str:
    """Risk and interval as percentages, with what they mean."""
    if assessment["risk"] is None:
        return "Risk: none given"
    low, high = assessment["interval"]
    level = assessment.get("interval_level", 0.9)
    return f"Risk {percent(assessment['risk'])} ({percent(low)} to {percent(high)} with {percent(level)} confidence)"


def meaning(assessment: Mapping[str, Any]) -> str:
    """What the risk is a share of."""
    if assessment["risk"] is None:
        return "The signals below were measured all the same."
    return (
        f"Of 100 articles that read like this one, about {100 * assessment['risk']:.0f} would come from sources that "
        "independent raters place in their lowest tier rather than their highest, where "
        f"{percent(assessment['base_rate'])} of all articles do."
    )


def percent(share: float) -> str:
    """0.413 -> 41 %."""
    return f"{100 * share:.0f}\u00a0%"


def contributions(assessment: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """(name, log-odds, risk after it) of base, each signal and the text model; the last risk is the assessment's."""
    model = assessment.get("text_model") or {}
    steps = [("Base", float(assessment.get("base") or 0.0))]
    steps += [(SIGNALS.get(s["name"], s["name"]), float(s.get("contribution") or 0.0)) for s in assessment["signals"]]
    steps.append(("Choice of words", float(model.get("contribution") or 0.0)))
    total, told = 0.0, []
    for name, value in steps:
        total += value
        told.append((name, value, 1 / (1 + math.exp(-total))))
    return told


def kind_of(finding: Mapping[str, Any]) -> str:
    """What kind of finding it is called: "many" and "some" are hedges that by themselves leave nothing open."""
    return "vague wording" if finding.get("class") == "vague" else str(finding["kind"])


def figure(finding: Mapping[str, Any], quote: Callable[[Sequence[int]], str] | None = None) -> str:
    """`sourced (South Korean media) · unconfirmed: 'not confirmed by'`; `quote` gives the text of a span."""
    source, hedge = finding.get("source"), finding.get("hedge")
    told = "sourced" if finding.get("sourced") else "no source named"
    if quote and source and finding.get("sourced"):
        told += f" ({quote(source)})"
    if finding.get("unconfirmed"):
        told += " · unconfirmed" + (f": '{quote(hedge)}'" if quote and hedge else "")
    return told


def doubt(finding: Mapping[str, Any]) -> str:
    """Why an attribution is not counted; empty where it is."""
    if is_counted(finding):
        return ""
    if finding["standing"] == "writer":
        return "not counted: whoever writes is no source"
    chance = finding.get("confidence")
    told = "" if chance is None else f": this ascribes something with a chance of {percent(chance)}"
    return f"unclear, not counted{told}"


def attribution(finding: Mapping[str, Any]) -> str:
    """Who the source is, in words."""
    if finding.get("standing") == "writer":
        return "the writer"
    kind = finding.get("source_kind") or ""
    words = SOURCE_KINDS.get(kind, kind)
    return f"{words}: {finding['resolved']}" if finding.get("resolved") else words
