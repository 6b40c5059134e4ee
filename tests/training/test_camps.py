"""Words for camps count under one id."""

from __future__ import annotations

import json

from scorer.lexicon import Lexicon
from training.camps import CAMPS, camp_words


def test_known_words_of_a_group_are_its_ids_and_lone_ones_no_group() -> None:
    lexicon = Lexicon(["", "liberal", "harbour", "conservative", "leftists", "~"])
    assert camp_words(lexicon) == [[3, 1]]


def test_no_word_stands_in_two_groups_and_each_camp_has_its_words() -> None:
    groups = json.loads(CAMPS.read_text(encoding="utf-8"))["groups"].values()
    words = [word for group in groups for word in group]
    assert len(words) == len(set(words))
    assert all(word == word.lower() for word in words)
    for left, right in (("left-wing", "right-wing"), ("liberals", "conservatives"), ("socialism", "fascism")):
        assert any(left in group and right in group for group in groups)
