"""Sentence embeddings by all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019), run in NumPy.

Running `training.minilm` spares the benchmark PyTorch.
"""

from __future__ import annotations

import numpy as np

from training.minilm import load, states


def embed(text: str) -> list[float]:
    """The mean of the text's token vectors, brought to length 1: 384 numbers."""
    ids = np.array(load().tokenizer.encode(text).ids)
    mean = states(ids).mean(axis=0)
    found: list[float] = (mean / np.linalg.norm(mean)).astype(np.float64).tolist()
    return found
