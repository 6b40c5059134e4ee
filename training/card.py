"""The model card (Mitchell et al. 2019): what the model is for, what it learned from, every figure, every weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scorer.logodds import BASE_RATE, FEATURE_LIMIT, logit, sigmoid
from scorer.signals import links, transparency
from training import failures, plots, slices
from training.card_texts import (
    RATED_TERMS,
    abstention_text,
    genre_text,
    hyperpartisan_text,
    interval_text,
    judged_text,
    lean_text,
)
from training.corpora import Corpora
from training.evaluate import Judged, Prepared
from training.verdict import FittedVerdict

CARD = "MODEL_CARD.md"

FIGURES = {
    "allsides_auc": "article AUC, news and politics 2012-20",
    "recovery_auc": "article AUC, COVID-19 news 2020",
    "source_auc": "source AUC (low against high, 5 or more articles)",
    "spearman_pc1": "rank correlation of sources with expert ratings",
    "spearman_left": "the same among left-leaning sources",
    "spearman_right": "the same among right-leaning sources",
    "within_right_auc": "article AUC within right-leaning outlets",
    "lean_fpr_gap": "lean gap (lower is better)",
    "ece": "expected calibration error (lower is better)",
    "cross_mean": "mean AUC, corpora labelled article by article",
    "fake_over_satire_auc": "fake against satire, by risk alone",
}

LICENCES = """| corpus | used for | licence as its publisher states it |
|---|---|---|
| AllSides-balanced news (Baly et al. 2020) | text model, verdict, genre | Apache-2.0 |
| ReCOVery (Zhou et al. 2020) | text model, verdict | CC BY-NC-SA 4.0, **non-commercial** (see docs/training.md) |
| OpenSources sample (2017) | text model, verdict | Apache-2.0 |
| fake news and satire (Golbeck et al. 2018) | text model, genre | research use, cite |
| ratings `pc1` (Lin et al. 2023), Media Bias/Fact Check (Baly et al.) | targets, lean | research use, cite |
| PolNeAR (Newell et al. 2018) | attribution tagger | research use, cite |
| all-MiniLM-L6-v2 (Reimers & Gurevych 2019) | read by the attribution tagger's teachers, not shipped | Apache-2.0 |
| figures | figures signal | made for this project |
| numbers in the articles above | figures signal | 3,006 read by a person, 32,975 by a large language model |
| CoNLL-2010 hedges | hedges | Creative Commons BY-SA |
| headlines (Chakraborty et al. 2016) | headline, teaser bait | MIT |
| Fake News Challenge 1 | body agreement, text model | Apache-2.0 |
| SemEval-2020 task 11 | loaded wording, text model | research use, cite |
| SemEval-2019 task 4 (hyperpartisan, by article) | loaded wording, text model | research use, cite |
| judgements of the above and of terms | text model, verdict | a large language model's, made for this project |
| The Onion / NotTheOnion titles | satire | research use |
| labelled pages | links | the sites' own, collected in an Apache-2.0 test suite |

No text of any of them is in the model: it holds word weights, and words that at least three sources use."""


def table(found: Mapping[str, Any]) -> str:
    """The figures of merit with their intervals, of how many they are, the baseline's beside them, in Markdown."""
    lines = ["| figure | Credence | 90 % interval | articles | sources | plain TF-IDF |", "|---|---|---|---|---|---|"]
    base, ends, sizes = (found.get(name, {}) for name in ("baseline", "figure_intervals", "figure_sizes"))
    names = FIGURES | {corpus: f"AUC on {corpus}" for corpus in ("amt", "celebrity", "horne_buzzfeed")}
    for key, name in names.items():
        if key in found["credence"]:
            plain = f"{base[key]:.3f}" if key in base else ""
            interval = "{:.3f} to {:.3f}".format(*ends[key]) if key in ends else ""
            articles, sources = (f"{number:,}" if number else "" for number in sizes.get(key, (0, 0)))
            lines.append(f"| {name} | {found['credence'][key]:.3f} | {interval} | {articles} | {sources} | {plain} |")
    lines.append(f"| share abstained | {found['credence'].get('abstained', 0):.3f} | | | | 0.000 |")
    return "\n".join(lines)


def weights_table(fitted: FittedVerdict) -> str:
    """Every feature's weight in log-odds a standard deviation, with its 90 % interval over resampled sources."""
    lines = ["| signal | feature | weight | 90 % interval |", "|---|---|---|---|"]
    low, high = np.quantile(fitted.bootstrap, [0.05, 0.95], axis=0)
    for number, (signal, name) in enumerate(fitted.names, start=1):
        weight = fitted.stack.coefficients[number]
        lines.append(f"| {signal} | {name} | {weight:+.3f} | {low[number]:+.3f} to {high[number]:+.3f} |")
    words = fitted.stack.coefficients[-1]
    lines.append(f"| text model | log-odds from words | {words:+.3f} | {low[-1]:+.3f} to {high[-1]:+.3f} |")
    return "\n".join(lines)


def prior_table(fitted: Sequence[tuple[str, str]]) -> str:
    """Weights that no corpus here can fit, with what they do at their most."""
    modules = [module for module in (links, transparency) if module.NAME not in {signal for signal, _ in fitted}]
    if not modules:
        return "None: the corpora hold enough pages of both tiers, so every weight was fitted."
    lines = ["| signal | feature | prior weight (log-odds a unit) |", "|---|---|---|"]
    for module in modules:
        for name, weight in module.PRIOR_WEIGHTS.items():
            lines.append(f"| {module.NAME} | {name} | {weight:+.3f} |")
    lines += ["", "| signal | least | most | risk of .30 becomes |", "|---|---|---|---|"]
    for module in modules:
        least, most = module.PRIOR_BOUNDS
        moved = " to ".join(f"{sigmoid(logit(BASE_RATE) + shift):.2f}" for shift in (least, most))
        lines.append(f"| {module.NAME} | {least:+.2f} | {most:+.2f} | {moved} |")
    return "\n".join(lines)


def ablation_table(ablations: Mapping[str, Mapping[str, float]]) -> str:
    """What leaving each signal out does, on held-out sources."""
    keys = ("allsides_auc", "recovery_auc", "within_right_auc", "spearman_pc1", "lean_fpr_gap")
    lines = ["| left out | " + " | ".join(FIGURES[key] for key in keys) + " |", "|---" * (len(keys) + 1) + "|"]
    for name, row in ablations.items():
        lines.append(f"| {name} | " + " | ".join(f"{row[key]:.3f}" for key in keys) + " |")
    return "\n".join(lines)


def write(
    out: Path,
    version: str,
    corpora: Corpora,
    prepared: Prepared,
    judged: Judged,
    fitted: FittedVerdict,
    found: Mapping[str, Any],
) -> None:
    """Write `MODEL_CARD.md` and its plots into the model's folder."""
    plots.reliability(out / "calibration.svg", prepared.plain.rows, judged.risk, judged.baseline_risk)
    plots.roc(out / "roc.svg", prepared.plain.rows, judged.risk, judged.baseline_risk)
    plots.by_lean(out / "lean.svg", prepared.plain.rows, judged.risk)
    genre = found["genre"]
    cuts = found["cuts"]
    rows = prepared.plain.rows
    rated = [rows[place] for place in prepared.of_articles]
    sources = {row["source"] for row in rated if row["source"]}
    (out / CARD).write_text(
        f"""# Model card: {version}

## What it is
A linear model over what an article shows: those features of the signals of which a person expects a direction, and the
words used (names and numbers masked).
Its risk is the calibrated probability that independent raters would place the article's source in the low-reliability
tier rather than the high one, judged from this article alone, at a base rate of {BASE_RATE:.0%}. It does not know
whether any sentence is true.

**Meant for**: ordering articles for people to look at, showing what in the text speaks for or against, following
sources over time. **Not meant for**: removing articles unseen, judging persons, judging text that is not English news.

## Figures on sources never seen
{found["folds"]}-fold cross-validation, whole sources apart, text model, signal weights, calibration and bounds of
abstention fitted without the judged sources; {len(rated):,} articles of {len(sources)} sources after copies are
removed.
{judged_text(rows)}{RATED_TERMS}
The baseline is TF-IDF over words and pairs with logistic regression on the same folds. Every source weighs the same in
AUCs and in the lean gap. The corpora at the end were never trained on (mean log-odds of the folds' models).
Intervals are 90 %, by bootstrap over sources (over articles where no source is told), the models as they are.

{table(found)}

{lean_text(found["lean_gap_by_chance"])}

![Reliability diagram](calibration.svg)
![ROC by corpus](roc.svg)
![Risk by lean](lean.svg)

{genre_text(genre)}

{hyperpartisan_text(found["hyperpartisan"]) if "hyperpartisan" in found else ""}

### Where it errs
Shares at the cut-off of `unreliable`, every source weighing the same; an article that was not judged is not flagged.
In brackets 90 % intervals over the sources of the slice.

{slices.error_table(found["slices"])}

### Intervals
{interval_text(found["intervals"])}

### Abstention
{abstention_text(found)}

## Labels
`unreliable` from risk {cuts["unreliable"]:.3f}, `reliable` up to {cuts["reliable"]:.3f}, `mixed` between; chosen on
held-out sources for the precision stated in training/thresholds.py. `satire` from a satire share of
{cuts["satire"]:.2f}. Expected precision and recall by threshold stand in the manifest (`operating_points`).

## What a signal is worth
Log-odds a standard deviation of the feature (features count to +-{FEATURE_LIMIT:.0f} standard deviations), fitted with
the text model's log-odds on sources it did not see; features with an expected direction are kept to it
(training/expectations.json says which and why).

{weights_table(fitted)}

Prior weights, argued and not fitted (docs/signals/links.md, docs/signals/transparency.md):

{prior_table(fitted.names)}

`obfuscation` always contributes 0: a disguise moves no score.

### Ablation
Everything refitted without the signal, on the same folds:

{ablation_table(found["ablations"])}

## What it learned from
{LICENCES}

## Known limits
- The low tier here leans right and has few outlets; within right-leaning outlets the figures are far weaker than over
  all. A risk is no statement about a camp, and the figures by lean above say how far that holds.
- Words for camps ("left-wing", "right-wing") count alike in the text model; other words that go with a camp do not, and
  what right-leaning outlets of low reliability attack may still raise the risk (docs/model/experiments.md).
- A poor source's wire copy reads like a good source's: such articles get a low risk, and no model of the text can tell.
- A careful liar who names sources and avoids loaded words gets a low risk. A blunt eyewitness report without
  attributions gets a higher one.
- English only; US and UK news of 2012-2020. Later topics were never seen.

### Examples
Texts written to show where it fails (training/data/failures.json), as this model scores them.

{failures.table(failures.judged(out))}

## For whom it can go wrong
A wrong risk harms whoever is scored. Right-leaning outlets of good standing are flagged more often than others (the
figures by lean above). So a risk is shown with its interval and its evidence, goes to a person who can overrule it,
and must not decide on removal, reach or pay by itself. Outlets are rated by others: whatever those raters share in
view, the model learned. It keeps no text and knows no person.

## Details
Linear models and small tables, learned by `credence train` (docs/training.md); deterministic for the same data. The
manifest holds the digest of every file of the model and of the data it was learned from. The code is under Apache-2.0;
what the corpora allow stands above.
""",
        encoding="utf-8",
    )
