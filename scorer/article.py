"""What a caller gives (`Article`), where a finding stands (`Span`), and how each kind of failure is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_TEXT_CHARACTERS = 2_000_000
"""Longest text that is scored, in code points; a longer one is refused with `TooLarge`."""

MAX_HTML_CHARACTERS = 10_000_000
"""Longest HTML page that is read, in code points; a longer one is refused with `TooLarge`."""

MAX_TITLE_CHARACTERS = 2_000
"""Longest title, in code points."""


MAX_ARTICLE_SECONDS = 30
"""Processor time for one article, unless set otherwise (`CREDENCE_ARTICLE_SECONDS`); past it `TooSlow` is raised. The
longest text that is read takes a second or so compiled, some five in Python: what passes this is a fault of ours."""

MAX_REACH = 100_000_000_000
"""Most people an article can have reached; a larger number is a mistake."""


class Span(NamedTuple):
    """A half-open stretch [start, end) of a text, in Unicode code points."""

    start: int
    end: int


class CredenceError(Exception):
    """Base of every error this package raises on purpose; its text is meant for the caller to read."""

    kind = "error"


class InvalidInput(CredenceError):  # noqa: N818 - what was given, not what we did
    """What was given is not an article: wrong shape, wrong type, undecodable."""

    kind = "invalid_input"


class TooLarge(InvalidInput):
    """What was given passes a named limit."""

    kind = "too_large"


class TooSlow(InvalidInput):
    """Scoring what was given took more processor time than the named limit allows."""

    kind = "too_slow"


class ModelError(CredenceError):
    """A model cannot be used: absent, damaged, changed after it was written, or of another format."""

    kind = "model_error"


@dataclass(frozen=True, slots=True)
class Article:
    """One article to be scored.

    Exactly one of `text` and `html` is used: `html` wins where both are given. `title` may be empty: it is then taken
    from the page or from the first line of the text where that line reads like a headline.
    """

    text: str = ""
    html: str | None = None
    title: str = ""
    id: str | None = None
    url: str | None = None
    source: str | None = None
    date: str | None = None
    reach: int | None = None
    """How many people it reached (readers, shares): moves no score, orders the queue of reviews."""

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Article:
        """Build an article from a decoded JSON object; unknown keys are ignored.

        Raises `InvalidInput` naming the field that has the wrong type, or `TooLarge` naming the limit it passes.
        """
        if not isinstance(given, Mapping):
            raise InvalidInput(f"an article must be a JSON object, got {type(given).__name__}")
        values: dict[str, Any] = {}
        for name in ("text", "html", "title", "url", "source", "date"):
            value = given.get(name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise InvalidInput(f"field '{name}' must be a string, got {type(value).__name__}")
            values[name] = value
        identifier = given.get("id")
        if identifier is not None:
            if isinstance(identifier, bool) or not isinstance(identifier, str | int):
                raise InvalidInput(f"field 'id' must be a string or an integer, got {type(identifier).__name__}")
            values["id"] = str(identifier) or None  # an empty one names nothing
        values["reach"] = read_reach(given.get("reach"))
        if not any(name in values for name in ("text", "html", "title")):
            raise InvalidInput("an article needs at least one of the fields 'text', 'html', 'title'")
        article = cls(**values)
        article.check_limits()
        return article

    def check_limits(self) -> None:
        """Raise `TooLarge` where a field passes its limit."""
        for name, value, limit, limit_name in (
            ("text", self.text, MAX_TEXT_CHARACTERS, "MAX_TEXT_CHARACTERS"),
            ("html", self.html or "", MAX_HTML_CHARACTERS, "MAX_HTML_CHARACTERS"),
            ("title", self.title, MAX_TITLE_CHARACTERS, "MAX_TITLE_CHARACTERS"),
        ):
            if len(value) > limit:
                raise TooLarge(
                    f"field '{name}' has {len(value):,} characters, "
                    f"the limit {limit_name} is {limit:,}; split the input"
                )


def read_reach(given: Any) -> int | None:
    """How many people an article reached: a whole number, None where unknown. Raises `InvalidInput`."""
    if given is None:
        return None
    if isinstance(given, float) and given.is_integer():  # 12.0 is a whole number in JSON
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise InvalidInput("field 'reach' must be a whole number of people, zero or more")
    if not 0 <= given <= MAX_REACH:
        raise InvalidInput(f"field 'reach' must lie between 0 and {MAX_REACH:,} (MAX_REACH), got {given}")
    return given
