"""What a user might run instead of Credence: each turns a text into numbers and a logistic regression into a score.

None of them shows evidence; they are here so that speed and quality can be read side by side, on the same texts and the
same split. Their packages are in the dependency group `bench` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Vector = Callable[[str], Sequence[float]]


class Peer(Protocol):
    """A classifier of texts: fitted on labelled ones, then asked for one at a time."""

    def fit(self, texts: Sequence[str], truth: Array, weights: Array) -> Peer:
        """Learn; `truth` holds 0 and 1. Returns itself."""

    def score(self, text: str) -> float:
        """Probability, 0 to 1, that the text is of class 1."""


class Words:
    """`TfidfVectorizer(ngram_range=(1, 2))` + `LogisticRegression`: what one writes first."""

    def fit(self, texts: Sequence[str], truth: Array, weights: Array) -> Words:
        """Learn words and pairs."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self.vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=300_000)
        self.model = LogisticRegression(C=10.0, max_iter=200)
        self.model.fit(self.vectorizer.fit_transform(texts), truth, sample_weight=weights)
        return self

    def score(self, text: str) -> float:
        """Probability of class 1."""
        return float(self.model.predict_proba(self.vectorizer.transform([text]))[0, 1])


class Measures:
    """A fixed set of measures of a text, scaled, and logistic regression over them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def fit(self, texts: Sequence[str], truth: Array, weights: Array) -> Measures:
        """Learn a weight for each measure."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self.model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
        rows = np.array([remembered(self.kind, text) for text in texts])
        self.model.fit(rows, truth, logisticregression__sample_weight=weights)
        return self

    def score(self, text: str) -> float:
        """Probability of class 1; measures the text anew."""
        return float(self.model.predict_proba(np.array([measure(self.kind)(text)]))[0, 1])

    def scores(self, texts: Sequence[str]) -> Array:
        """Probabilities of many texts, measured at most once a process."""
        rows = np.array([remembered(self.kind, text) for text in texts])
        found: Array = self.model.predict_proba(rows)[:, 1]
        return found


@cache
def remembered(kind: str, text: str) -> tuple[float, ...]:
    """The measures of a text, worked out once a process."""
    return tuple(measure(kind)(text))


@cache
def measure(kind: str) -> Vector:
    """The function text -> measures of this name, its package loaded."""
    return _KINDS[kind]()


def _nela() -> Vector:
    """NELA features (Horne et al. 2019) without the event part, which needs a named-entity model.

    The package cuts and tags words with models that NLTK downloads; in their place stand NLTK's own rules for words, a
    cut at full stops and a tagger by endings, all cheaper than what they replace, so the comparison favours NELA.
    """
    from nela_features import nela_features
    from nltk.tag import RegexpTagger
    from nltk.tokenize import RegexpTokenizer, TreebankWordTokenizer
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    class Stopwords:
        def words(self, language: str) -> list[str]:
            return sorted(ENGLISH_STOP_WORDS)

    patched: Any = nela_features
    endings = [(r".*ing$", "VBG"), (r".*ed$", "VBD"), (r".*ly$", "RB"), (r"^\d", "CD"), (r"^[A-Z]", "NNP")]
    patched.pos_tag = RegexpTagger([*endings, (r".*s$", "NNS"), (r".*", "NN")]).tag
    patched.word_tokenize = TreebankWordTokenizer().tokenize
    patched.sent_tokenize = RegexpTokenizer(r"[^.!?]+[.!?]*").tokenize
    patched.stopwords = Stopwords()
    extractor = nela_features.NELAFeatureExtractor()

    def vector(text: str) -> list[float]:
        tokens = patched.word_tokenize(text)
        sentences = patched.sent_tokenize(text)
        words = extractor.Functions.get_filtered_words(tokens)
        parts = (
            extractor.extract_style(text, tokens),
            extractor.extract_complexity(text, tokens, sentences),
            extractor.extract_bias(text, tokens),
            extractor.extract_affect(text, tokens, words),
            extractor.extract_moral(text, tokens),
        )
        return [float(value) for values, _ in parts for value in values]

    return vector


def _sentiment() -> Vector:
    """VADER (Hutto & Gilbert 2014) and the readability formulas of textstat that count letters and words."""
    import textstat
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()

    def vector(text: str) -> list[float]:
        tone: Mapping[str, float] = vader.polarity_scores(text)
        words = max(1, textstat.lexicon_count(text))
        return [
            *(float(tone[name]) for name in ("neg", "neu", "pos", "compound")),
            float(textstat.automated_readability_index(text)),
            float(textstat.coleman_liau_index(text)),
            float(textstat.lix(text)),
            words / max(1, textstat.sentence_count(text)),
            textstat.char_count(text) / words,
        ]

    return vector


def _embedding() -> Vector:
    from benchmarks.minilm import embed

    return embed


_KINDS: Mapping[str, Callable[[], Vector]] = {"nela": _nela, "sentiment": _sentiment, "embedding": _embedding}

PEERS: Mapping[str, Callable[[], Any]] = {
    "TF-IDF (1,2) + LR": Words,
    "VADER + textstat + LR": lambda: Measures("sentiment"),
    "NELA features + LR": lambda: Measures("nela"),
    "MiniLM embedding + LR": lambda: Measures("embedding"),
}
"""Name in the table -> an unfitted peer."""
