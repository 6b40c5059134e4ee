"""What the model card says of figures, and of texts the model fails on."""

from __future__ import annotations

from pathlib import Path

from scorer import Article, Scorer
from scorer.abstention import MIN_WORDS
from scorer.store import find
from training import failures
from training.card import table
from training.card_texts import genre_text


def test_a_figure_stands_with_its_interval_and_of_how_many_it_is() -> None:
    found = {
        "credence": {"allsides_auc": 0.81, "abstained": 0.004},
        "baseline": {"allsides_auc": 0.75},
        "figure_intervals": {"allsides_auc": (0.74, 0.86)},
        "figure_sizes": {"allsides_auc": (9_037, 148)},
    }
    assert "| 0.810 | 0.740 to 0.860 | 9,037 | 148 | 0.750 |" in table(found)


def test_figures_without_intervals_are_told_all_the_same() -> None:
    lines = table({"credence": {"ece": 0.02}}).splitlines()
    assert "| 0.020 |" in lines[2]
    assert len({line.count("|") for line in lines}) == 1


def test_genres_are_told_with_interval_and_number() -> None:
    figures = dict.fromkeys(("opinion_auc", "opinion_low", "opinion_high", "satire_title_auc"), 0.8)
    figures |= {"satire_auc": 0.85, "satire_low": 0.8, "satire_high": 0.9, "satire_articles": 94, "satire_fake": 126}
    figures["satire_sites"] = 105
    told = genre_text(figures | {"opinion_articles": 493, "opinion_news": 3_468})
    assert "0.850 (0.800 to 0.900 over sites; 94 and 126 articles of 105 sites," in told


def test_known_failures_are_texts_the_model_can_judge_and_are_shown() -> None:
    assert all(len(one.text.split()) >= 2 * MIN_WORDS for one in failures.texts())
    model: Path = find()
    shown = failures.table(failures.judged(model)).splitlines()
    assert len(shown) == 2 + len(failures.texts())
    one = failures.texts()[0]
    risk = Scorer(model).score(Article(title=one.title, text=one.text))["risk"]
    assert f"| {risk:.2f} |" in shown[2]
