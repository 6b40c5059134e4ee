"""The plain baseline reads words once for all folds, and gives what scikit-learn gives fold by fold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from training import baseline
from training.baseline import count, cross_validate


def article(number: int) -> dict[str, object]:
    low = number % 2 == 1
    random = np.random.default_rng(number)
    words = [f"{'rumour' if low else 'report'}{random.integers(6)}" for _ in range(30)] + ["said", "Monday"] * 12
    random.shuffle(words)
    tier = ("high", "low")[low] if number % 7 else "mid"
    return {"source": f"{number % 12}.example", "corpus": "allsides", "tier": tier, "text": " ".join(words)}


ROWS = [article(number) for number in range(72)]
SOURCES = np.array([row["source"] for row in ROWS])


def test_what_is_counted_once_gives_the_risks_of_a_vectorizer_fitted_on_the_fold() -> None:
    learn, apply = np.arange(0, 48), np.arange(48, 72)
    labelled = [ROWS[i] for i in learn if ROWS[i]["tier"] != "mid"]
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    features = vectorizer.fit_transform([str(row["text"]) for row in labelled])
    sizes = [sum(other["source"] == row["source"] for other in labelled) for row in labelled]
    model = LogisticRegression(C=10.0, max_iter=200)
    model.fit(features, [row["tier"] == "low" for row in labelled], sample_weight=1 / np.sqrt(sizes))
    wanted = model.predict_proba(vectorizer.transform([str(ROWS[i]["text"]) for i in apply]))[:, 1]
    assert count(ROWS).risks(learn, apply) == pytest.approx(wanted, abs=1e-6)


def test_only_the_commonest_terms_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = count(ROWS)
    whole = plain.risks(np.arange(48), np.arange(48, 72))
    monkeypatch.setattr(baseline, "MAX_FEATURES", 2)
    # "said" and "monday" are the commonest in every article, and are all that is left to go by
    assert np.ptp(plain.risks(np.arange(48), np.arange(48, 72))) < 0.2 * np.ptp(whole)


def test_articles_after_the_folds_get_the_mean_of_all_folds() -> None:
    fold = np.arange(60) % 12 // 4
    risk, others = cross_validate(count(ROWS), fold)
    assert risk.shape == (60,)
    assert others.shape == (12,)
    low = np.array([row["tier"] == "low" for row in ROWS])
    known = np.array([row["tier"] != "mid" for row in ROWS])
    assert risk[(low & known)[:60]].min() > risk[(~low & known)[:60]].max()
