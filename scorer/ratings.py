"""Ratings of sources as public lists write them, read into one form; what cannot be read is refused with a reason.

Columns are known by their names, whatever list they come from (docs/ledger.md has the table). Nothing is guessed: a
word or number that has no place on the scale of reliability is kept and shown, and moves nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scorer.domains import registrable

PC1_RATER, FACTUALITY_RATER = "Lin et al. 2023", "Media Bias/Fact Check"
SCORE_RATER, JTI_RATER = "NewsGuard", "Journalism Trust Initiative"

FACTUALITY = {
    "very low": 0.20, "low": 0.31, "mixed": 0.54, "mostly factual": 0.65, "high": 0.76, "very high": 0.85,
    "satire": None,
}  # fmt: skip
"""Factuality word -> reliability. low, mixed and high: mean `pc1` of 209, 250 and 574 domains that have both
(measured); the words between and beyond them are placed by even steps. Satire has no place on the scale."""

YES, NO = ("yes", "true", "1", "certified"), ("no", "false", "0", "not certified")

MAX_VALUE_CHARACTERS = 200
"""Longest value of a rating, and longest name of a rater or source, in code points."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An outside judgement of a source: imported, never guessed."""

    domain: str
    rater: str
    value: str
    """As the rater wrote it."""
    scale: str
    """One of `SCALES`, or `trust.txt`."""
    normalised: float | None
    """The same as reliability, 0 to 1; None where it has no place there."""
    date: str = ""
    """ISO day, empty where unknown."""
    url: str | None = None
    licence: str | None = None
    details: dict[str, Any] | None = None
    names: tuple[str, ...] = ()
    """Names of the source that the list gives."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON, as it stands in an assessment's `source.ratings`."""
        return {
            "rater": self.rater,
            "value": self.value,
            "scale": self.scale,
            "normalised": self.normalised,
            "date": self.date or None,
            "url": self.url,
            "licence": self.licence,
        }


class RefusedError(ValueError):
    """A row of a list that cannot be read, and why."""


def _share(value: str) -> float:
    return _between(value, 1.0)


def _points(value: str) -> float:
    return _between(value, 100.0) / 100.0


def _between(value: str, top: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= top:
        raise RefusedError(f"'{value[:40]}' is no number from 0 to {top:.0f}")
    return number


def _word(value: str) -> float | None:
    word = " ".join(value.lower().replace("_", " ").replace("-", " ").split())
    if word not in FACTUALITY:
        raise RefusedError(f"'{value[:40]}' is no factuality word ({', '.join(FACTUALITY)})")
    return FACTUALITY[word]


def _certified(value: str) -> None:
    # a certificate says how a house works; nothing we have says how reliable the certified are
    if value.lower() not in YES + NO:
        raise RefusedError(f"'{value[:40]}' is neither yes nor no")


SCALES: dict[str, Callable[[str], float | None]] = {
    "0-1": _share, "0-100": _points, "factuality": _word, "certified": _certified,
}  # fmt: skip
"""Name of a scale -> what makes a value a reliability from 0 to 1 (None: no place on it)."""

COLUMNS = {
    "pc1": ("0-1", PC1_RATER),
    "factuality": ("factuality", FACTUALITY_RATER),
    "mbfc_factuality": ("factuality", FACTUALITY_RATER),
    "score": ("0-100", SCORE_RATER),
    "jti": ("certified", JTI_RATER),
    "certified": ("certified", JTI_RATER),
}
"""Column -> the scale it is on, and who rates so unless the file or the caller says otherwise."""

DOMAIN_COLUMNS = ("domain", "source", "url", "website", "site")
NAME_COLUMNS = ("name", "brand", "outlet")
KNOWN = {
    *COLUMNS,
    *DOMAIN_COLUMNS,
    *NAME_COLUMNS,
    "rater",
    "value",
    "scale",
    "date",
    "licence",
    "license",
    "rating_url",
}


def ratings_of(row: Mapping[str, Any], defaults: Mapping[str, str]) -> list[Rating]:
    """The ratings in one row of a list; `defaults` may hold rater, date, url and licence for rows that have none.

    Raises `RefusedError` with the reason.
    """
    given = {str(name).strip().lower(): _text(value) for name, value in row.items() if name is not None}
    domain = next((found for name in DOMAIN_COLUMNS if (found := registrable(given.get(name)))), None)
    if domain is None:
        raise RefusedError(f"no column {', '.join(DOMAIN_COLUMNS)} holds a domain")
    rater = given.get("rater") or defaults.get("rater") or ""
    values = [(scale, rater or usual, given[name], name) for name, (scale, usual) in COLUMNS.items() if given.get(name)]
    if given.get("value"):
        values.append((given.get("scale") or "0-1", rater, given["value"], "value"))
    if not values:
        raise RefusedError("no rating in this row")
    details = {name: value for name, value in given.items() if value and name not in KNOWN} or None
    ratings: list[Rating] = []
    for scale, who, value, column in values:
        if scale not in SCALES:
            raise RefusedError(f"scale '{scale[:40]}' is none of {', '.join(SCALES)}")
        if not who:
            raise RefusedError("a row with 'value' needs a 'rater' (or --rater)")
        if len(value) > MAX_VALUE_CHARACTERS or len(who) > MAX_VALUE_CHARACTERS:
            raise RefusedError(f"value or rater is longer than MAX_VALUE_CHARACTERS, {MAX_VALUE_CHARACTERS}")
        ratings.append(
            Rating(
                domain=domain,
                rater=who,
                value=value,
                scale=scale,
                normalised=SCALES[scale](value),
                date=_day(given.get("date") or defaults.get("date") or ""),
                url=given.get("rating_url") or defaults.get("url"),
                licence=given.get("licence") or given.get("license") or defaults.get("licence"),
                details=details if column in ("score", "value", "jti", "certified") else None,
                names=tuple(given[name] for name in NAME_COLUMNS if given.get(name)),
            )
        )
    return ratings


def trust_txt(line: str, domain: str, defaults: Mapping[str, str]) -> Rating | None:
    """What one line of a trust.txt file (JournalList's specification) that `domain` publishes says of membership.

    `member=` is an association's word for a publisher; `belongto=` a publisher's own word. Other lines: None.
    """
    name, _, value = line.partition("#")[0].partition("=")
    name, value = name.strip().lower(), value.strip()
    if name not in ("member", "belongto"):
        return None
    other = registrable(value)
    if other is None:
        raise RefusedError(f"'{value[:60]}' is no address")
    source, rater, told = (other, domain, "member") if name == "member" else (domain, other, "says it is a member")
    date, url = _day(defaults.get("date") or ""), defaults.get("url") or f"https://{domain}/trust.txt"
    return Rating(source, rater, told, "trust.txt", None, date, url, defaults.get("licence"))


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).replace("\0", " ").split())


def _day(given: str) -> str:
    if not given:
        return ""
    try:
        return datetime.date.fromisoformat(given[:10]).isoformat()
    except ValueError:
        raise RefusedError(f"date '{given[:40]}' is not of the form 2026-11-03") from None
