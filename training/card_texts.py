"""Sentences of the model card that are told from figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.corpora import Row, is_of_articles


def abstention_text(found: Mapping[str, Any]) -> str:
    """How well the model knows what it cannot judge, and what judging only the surest would bring."""
    told = found["abstention"]
    kinds = ", ".join(f"{kind.replace('_', ' ')} {caught} of {n}" for kind, (caught, n) in told["kinds"].items())
    lines = [
        f"Of {told['texts']} texts that are no news articles (training/data/abstention.jsonl, written for this), "
        f"{told['recall']:.0%} are not judged ({kinds}); of held-out news articles {told['news_abstained']:.1%} are "
        f"not. Were both as many, {told['precision']:.0%} of the abstentions would be right ones.",
        "",
        "| share of articles judged, the surest first | on the wrong side of 0.5 | AUC |",
        "|---|---|---|",
    ]
    lines += [f"| {row['coverage']:.0%} | {row['error']:.3f} | {row['auc']:.3f} |" for row in found["risk_coverage"]]
    return "\n".join(lines)


def interval_text(held: Mapping[str, float]) -> str:
    """Whether intervals hold what they promise."""
    if "held_equal_numbers" not in held:
        return "Intervals were not measured."
    return (
        f"In {held['held_equal_numbers']:.0%} of 20 bins with equal numbers of held-out articles, and in "
        f"{held['held_equal_width']:.0%} of the bins of equal width, the share of low-tier articles at the base rate "
        f"lies in the bin's mean interval. For that, what the bootstrap over sources gives is widened "
        f"{held['factor']:.1f} times in log-odds (before: {held['held_equal_numbers_before']:.0%} and "
        f"{held['held_equal_width_before']:.0%}); the factor is chosen on the same articles."
    )


def judged_text(rows: Sequence[Row]) -> str:
    """How many articles a language model judged one by one."""
    judged = sum(row.get("judged") is not None for row in rows if is_of_articles(row))
    alone = sum(not is_of_articles(row) for row in rows)
    if not judged + alone:
        return ""
    return (
        f"Of {judged:,} of them a large language model, not told the outlet, judged one by one how likely articles "
        "written like this are of low reliability, which is half of what they are learned with (no figure here is "
        f"measured against it); {alone:,} more, of unnamed outlets, which may be among the judged ones, are learned "
        "with its judgement alone. What it counted for arguing for a camp is taken off (training/judgements.py).\n"
    )


RATED_TERMS = (
    "A large language model also said of bare words and pairs what they tell (training/term_ratings.py). What it "
    "takes for careful or agitating is learned along, mistakes and leanings included (docs/model/experiments.md)."
)
"""What is true of every model, whatever it learned from."""


def hyperpartisan_text(found: Mapping[str, float]) -> str:
    """How far risk goes with partisanship."""
    return (
        f"Hyperpartisan is not unreliable: on {found['articles']:.0f} articles judged one by one as hyperpartisan or "
        f"not (SemEval-2019 task 4), risk has an AUC of {found['auc']:.3f} ({found['auc_low']:.3f} to "
        f"{found['auc_high']:.3f}) for that label and a rank correlation of {found['rank_correlation']:.3f} with it."
    )


def genre_text(found: Mapping[str, float]) -> str:
    """How well genres are told, with the intervals and of how many."""
    return (
        f"Genre, held out: opinion against news AUC {found['opinion_auc']:.3f} ({found['opinion_low']:.3f} to "
        f"{found['opinion_high']:.3f} over sources; {found['opinion_articles']:,.0f} and {found['opinion_news']:,.0f} "
        "articles, labels read off URLs, folds by source); satire against fake news AUC "
        f"{found['satire_auc']:.3f} ({found['satire_low']:.3f} to {found['satire_high']:.3f} over sites; "
        f"{found['satire_articles']:.0f} and {found['satire_fake']:.0f} articles of {found['satire_sites']:.0f} "
        "sites, told by the addresses in them, folds by site), by the headline alone "
        f"{found['satire_title_auc']:.3f} (learned from other headlines)."
    )


def lean_text(found: Mapping[str, float]) -> str:
    """How far the lean gap can be told from chance."""
    if not found:
        return "No lean gap: the data name no lean of high-tier sources."
    return (
        f"The lean gap counts every high-tier source the same, and {found['few']:.0f} of the {found['cells']:.0f} "
        "(apart by lean) have fewer than five articles. Where sources trade their leans at random, so that the risk "
        f"cannot know them, it is {found['mean']:.3f} in the mean and over {found['high']:.3f} once in ten times: a "
        "gap near that is no sign of unfairness, and one under it none of fairness."
    )
