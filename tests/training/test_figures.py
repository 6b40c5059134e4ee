"""What the figures are learned from: labels stand on windows of three sentences."""

from __future__ import annotations

from training.figures import sentences_around

STORY = "The harbour closed. Police counted 14 boats. It opens again on Monday. Nobody was hurt."


def test_a_window_is_the_sentence_with_the_one_before_and_the_one_after() -> None:
    start = STORY.index("14")
    before, begin, stop, after = sentences_around(STORY, start, start + 2)
    assert STORY[before:begin].strip() == "The harbour closed."
    assert STORY[begin:stop].strip() == "Police counted 14 boats."
    assert STORY[stop:after].strip() == "It opens again on Monday."


def test_at_the_edge_of_an_article_the_window_is_shorter() -> None:
    before, begin, _, _ = sentences_around(STORY, 0, 3)
    assert before == begin == 0
    _, _, stop, after = sentences_around(STORY, STORY.index("Nobody"), len(STORY))
    assert stop == after == len(STORY)
