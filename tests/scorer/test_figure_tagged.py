"""What the tagger thinks around a figure, in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scorer import figure_tagged
from scorer.normal import normalise
from scorer.quantities import Quantities
from scorer.text import Reader, Text

STORY = "It was late. Police counted 14 boats there. Nobody spoke."


def columns(text: Text, number: str, scores: NDArray[np.float32]) -> dict[str, float]:
    at = text.tokens.index(number)
    found = Quantities(np.zeros(0, np.uint8), np.array([at]), np.array([at + 1]))
    return dict(zip(figure_tagged.NAMES, figure_tagged.features(text, found, scores)[0].tolist(), strict=True))


def test_each_column_is_what_its_name_says(reader: Reader) -> None:
    # given scores of each token: "Police" much like a source, "counted" like a cue, what follows like content
    text = reader.read(normalise(STORY))
    scores = np.zeros((len(text.tokens), 7), np.float32)
    at = text.tokens.index
    scores[at("Police"), 1] = 3.0
    scores[at("counted"), [3, 4]] = 1.0, 2.5
    scores[at("14"), 6] = 4.0
    scores[[at("boats"), at("there")], 6] = 2.0, 1.0
    scores[: at("Police"), 5] = 1.0
    scores[at("late"), 0] = -0.5
    # when they are looked at around the figure
    seen = columns(text, "14", scores)
    # then
    assert seen == {
        "content here": 4.0,
        "content left": 0.0,
        "content right": 1.0,
        "content before": -1.0,
        "content after": 0.0,
        "content most": 4.0,
        "cue left": 2.5,
        "cue right": 0.0,
        "cue before": 0.5,
        "source left": 3.0,
        "source right": 0.0,
        "source before": 0.5,
    }


def test_where_there_is_nothing_to_look_at_the_odds_are_the_least(reader: Reader) -> None:
    text = reader.read(normalise("14 boats"))
    seen = columns(text, "14", np.zeros((2, 7), np.float32))
    nothing = {name for name, value in seen.items() if value == figure_tagged.NONE}
    assert nothing == {
        "content left",
        "content before",
        "content after",
        "cue left",
        "cue before",
        "source left",
        "source before",
    }
