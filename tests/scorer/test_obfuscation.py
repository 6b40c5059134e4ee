"""Disguised letters are reported, and ordinary spelling of any language is not."""

import pytest

from scorer import Article, Scorer
from scorer.document import read_document
from scorer.findings import Signal
from scorer.normal import signs_of
from scorer.signals import obfuscation
from scorer.signals.obfuscation import disguises
from tests.scorer.prose import ARTICLE, DISGUISES, TITLE, disguise


def measured(scorer: Scorer, text: str, title: str = TITLE) -> Signal:
    return obfuscation.build(scorer.model)(read_document(Article(title=title, text=text), scorer.reader), {})


def test_a_plain_article_has_none(scorer: Scorer) -> None:
    signal = measured(scorer, ARTICLE)
    assert (signal.value, signal.metrics["altered_share"], list(signal.spans)) == (0.0, 0.0, [])


@pytest.mark.parametrize(
    "ordinary",
    [
        "Caf\u00e9, na\u00efve, \u0141\u00f3d\u017a, Nguy\u1ec5n, Stra\u00dfe",
        "cafe\u0301 in decomposed form, Nguye\u0302\u0303n too",
        "\u041f\u0440\u0435\u0437\u0438\u0434\u0435\u043d\u0442 said so in Moscow",
        "\u03b2-blockers, 5 \u00b5g, TNF\u03b1 and IFN\u03b3, \u0394t",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467, heart \u2764\ufe0f, flag \U0001f1fa\U0001f1f8",
        "\u0645\u06cc\u200c\u0631\u0648\u062f and \u0939\u093f\u0928\u094d\u0926\u0940",
        "\u201cquotes\u201d \u2014 dashes \u2026 \u20ac5 \u2122 \u2022 bullets\u00a0and blanks",
        "\u5168\u89d2\uff21\uff22\uff23\u5b57 in Japanese",
        "\ufeffA byte order mark at the start",
        "J. R. R. T. Brown and A B tests",
    ],
)
def test_ordinary_spelling_is_no_disguise(scorer: Scorer, ordinary: str) -> None:
    assert measured(scorer, ARTICLE + ordinary).value == 0.0


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("v\u0430ccine", "look_alike"),
        ("vac\u200bcine", "invisible"),
        ("vac\0cine", "invisible"),
        ("vac\u00adcine", "soft_hyphen"),
        ("vac\u202ecine", "direction"),
        ("va\u0336c\u0336cine", "combining"),
        ("v\U0001d41accine", "styled"),
        ("v\uff41ccine", "styled"),
        ("v a c c i n e", "spaced"),
        ("v4cc1ne", "leetspeak"),
        ("h0ax", "leetspeak"),
    ],
)
def test_each_disguise_is_named_and_its_word_marked(scorer: Scorer, text: str, how: str) -> None:
    article = f"{ARTICLE}They say the {text} works."
    signal = measured(scorer, article)
    assert [(article[s["start"] : s["end"]], s["kind"], s["how"]) for s in signal.spans] == [(text, "altered", how)]
    assert signal.value is not None
    assert 0 < signal.value < 0.1


@pytest.mark.parametrize("how", sorted(DISGUISES))
def test_altered_share_says_how_much_was_done(scorer: Scorer, how: str) -> None:
    disguised = disguise(ARTICLE, how, 0.2)
    changed = sum(not c.isascii() for c in disguised)
    signal = measured(scorer, disguised)
    assert signal.value == pytest.approx(changed / len("".join((disguised + TITLE).split())), rel=0.15)


def test_it_weighs_nothing(scorer: Scorer) -> None:
    assert measured(scorer, disguise(ARTICLE, "look_alike", 0.2)).features == {}


def test_a_disguise_in_the_title_counts(scorer: Scorer) -> None:
    assert (measured(scorer, ARTICLE, "Harb\u200bour town closes bridge").value or 0) > 0


def test_a_disguised_article_scores_like_its_plain_form(scorer: Scorer) -> None:
    plain = scorer.score(Article(title=TITLE, text=ARTICLE)).fields
    for how in DISGUISES:
        disguised = scorer.score(Article(title=TITLE, text=disguise(ARTICLE, how))).fields
        assert disguised["risk"] == pytest.approx(plain["risk"])
        assert next(s for s in disguised["signals"] if s["name"] == "obfuscation")["contribution"] == 0


def test_long_runs_of_marks_take_linear_time() -> None:
    stacked, alone = "a" + "\u0335" * 50_000, "\u0430" * 50_000
    assert len(disguises(stacked, signs_of(stacked).altered)) >= 50_000 - 10
    assert disguises(alone, signs_of(alone).altered) == []


def test_spaced_out_words_and_leetspeak_move_no_score(scorer: Scorer) -> None:
    text = 4 * (ARTICLE + " Officials called it a shocking hoax and a disgrace, and the vaccine a scandal.\n\n")
    disguised = text.replace("shocking", "s h o c k i n g").replace("hoax", "h0ax").replace("disgrace", "d1sgrac3")
    plain, found = (scorer.score(Article(title=TITLE, text=given)) for given in (text, disguised))
    assert found["risk"] == pytest.approx(plain["risk"], abs=1e-9)
    assert found.signals["obfuscation"]["metrics"]["altered_share"] > 0
