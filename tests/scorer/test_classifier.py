"""The fast path gives what scikit-learn gives with the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from scorer import Article, Scorer
from scorer.classifier import PAIR_BITS, alike, masked_words, terms_of
from scorer.document import read_document
from scorer.lexicon import Shape
from scorer.normal import normalise
from scorer.text import Reader
from training.text_model import idf_of, tf_idf

ARTICLE = (Path(__file__).parents[1] / "data" / "golden" / "dam.txt").read_text(encoding="utf-8")


def test_predictions_equal_scikit_learn_on_own_text(scorer: Scorer) -> None:
    _equal_to_scikit_learn(scorer, [ARTICLE, ARTICLE[: len(ARTICLE) // 2], "One line. Another line, with 12 words?"])


@pytest.mark.shared
def test_predictions_equal_scikit_learn_on_real_text(scorer: Scorer, shared_data: Path) -> None:
    from training.corpora import Corpora

    _equal_to_scikit_learn(scorer, [row["text"] for row in Corpora(shared_data).rows("crosscheck")[:60]])


def _equal_to_scikit_learn(scorer: Scorer, texts: list[str]) -> None:
    # given scikit-learn's own estimators with the shipped numbers in them
    model = scorer.verdict.text_model
    width = len(model.idf)
    tfidf = TfidfTransformer(sublinear_tf=True)
    tfidf.idf_ = np.asarray(model.idf, dtype=np.float64)
    regression = LogisticRegression()
    regression.classes_ = np.array([0, 1])
    regression.coef_ = np.asarray(model.weights, dtype=np.float64)[None, :]
    regression.intercept_ = np.array([model.intercept])
    for text in texts:
        body = read_document(Article(text=text), scorer.reader).body
        # when the raw counts go through them
        words = masked_words(body, model.vocabulary, model.counted).astype(np.int64)
        terms = terms_of(masked_words(body, model.vocabulary, model.counted), model.pair_offset)
        counts = np.zeros((1, width))
        counts[0, terms.index] = np.round(np.exp(terms.value - 1))
        assert counts.sum() == len(words) + max(0, len(words) - 1)
        expected = regression.predict_proba(tfidf.transform(counts))[0, 1]
        # then the table look-up agrees
        assert 1 / (1 + np.exp(-model.logit(body))) == pytest.approx(expected, abs=1e-6)


def test_names_and_numbers_are_masked_but_sentence_starts_are_kept(reader: Reader) -> None:
    body = reader.read(normalise("Officials met Marta Quell on Monday. Prices rose 12 percent."))
    masked = masked_words(body, 70_000)
    token = {text: int(value) for text, value in zip(body.tokens, masked, strict=True)}
    assert token["Officials"] < 70_000
    assert token["Prices"] < 70_000
    assert token["met"] < 70_000
    assert token["Marta"] == token["Quell"] == 70_000 + Shape.TITLE
    assert token["12"] == 70_000 + Shape.INTEGER


def test_words_of_a_group_count_under_its_first(reader: Reader) -> None:
    body = reader.read(normalise("the harbour and the market"))
    harbour, market = (int(body.words[body.tokens.index(word)]) for word in ("harbour", "market"))
    counted = alike([[market, harbour]], 70_000)
    masked = masked_words(body, 70_000, counted)
    assert masked.tolist() == [market if word == harbour else word for word in body.words.tolist()]
    assert alike([], 70_000) is None


def test_pairs_stay_in_their_table(reader: Reader) -> None:
    words = reader.read(normalise("a b c d e f " * 200)).words
    terms = terms_of(words, 1000_000)
    assert terms.index.max() < 1000_000 + (1 << PAIR_BITS)
    assert set(np.unique(terms.width)) == {1, 2}


def test_a_feature_of_one_house_is_dropped(reader: Reader) -> None:
    # given a word that only one of three sources writes

    counts = sp.csr_matrix(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]], dtype=np.float32))
    idf = idf_of(counts, np.array(["a", "b", "c"]), min_sources=2)
    assert list(idf > 0) == [True, False, True]
    assert tf_idf(counts, idf).shape == (3, 3)
