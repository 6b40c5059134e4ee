"""A large teacher of the attribution tagger: MiniLM itself, fitted to who says what. Only training runs it.

The layers of `training.minilm` in JAX, which works out their gradients, learn to look for sources, cues and content
(Devlin et al. 2019); the tagger learns from what they find (training/distillation.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.article import InvalidInput
from scorer.tagger import FLAGS, Inputs
from scorer.text import Text
from training.minilm import HEADS, LAYERS, MAX_PIECES, WIDTH, load, pieces_of, stretches
from training.network import CONTENT_WEIGHT, TAGS, Example

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise InvalidInput(
        f"the package {error.name} is absent: the attribution part is learned with it. 'make setup-train' adds what is "
        "needed"
    ) from None

FloatArray = NDArray[np.float32]
HalfArray = NDArray[np.float16]
Weights = dict[str, Any]
"""Arrays by name: MiniLM's own, and `flags`, `head`, `head_flags`, `head_bias`."""

FROZEN = ("embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight")
"""What fitting leaves as it is: words that no labelled document has would stay behind."""

BATCH = 16
"""Stretches of text a step."""

EPOCHS = 3

RATE, HEAD_RATE, WARM_UP, DECAY = 1.5e-4, 1e-3, 0.1, 0.01
"""AdamW (Loshchilov & Hutter 2019): the rates rise over the first tenth, then fall to zero in a straight line."""

MASKED, DROPOUT = 0.08, 0.1
"""Shares of word pieces and of states that are hidden from it while it learns."""


class Stretches(NamedTuple):
    """Whole sentences of texts, s rows of MAX_PIECES word pieces; places that are left over hold 0.

    Attributes:
        pieces: (s, MAX_PIECES) ids.
        flags: (s, MAX_PIECES, FLAGS) of each piece's token.
        tokens: (s, MAX_PIECES), at each token's first piece its number over all texts, elsewhere -1.
    """

    pieces: NDArray[np.int32]
    flags: HalfArray
    tokens: NDArray[np.int32]


def lay_out(texts: Sequence[Text], given: Sequence[Inputs]) -> Stretches:
    """Texts with their flags, each cut into stretches of whole sentences, as many as are read at once."""
    rows: list[tuple[NDArray[np.int32], HalfArray, NDArray[np.int32]]] = []
    begin, end = pieces_of("[CLS]"), pieces_of("[SEP]")
    before = 0
    for text, one in zip(texts, given, strict=True):
        pieces = [pieces_of(token) for token in text.tokens]
        borders = np.cumsum([0, *map(len, pieces)])
        columns = one.flag_columns()
        for first, last in stretches(borders, text.sentence_tokens):
            ids = np.zeros(MAX_PIECES, np.int32)
            flags = np.zeros((MAX_PIECES, FLAGS), np.float16)
            tokens = np.full(MAX_PIECES, -1, np.int32)
            count = borders[last] - borders[first]
            ids[: count + 2] = [piece for of_one in (begin, *pieces[first:last], end) for piece in of_one]
            flags[1 : count + 1] = np.repeat(columns[first:last], np.diff(borders[first : last + 1]), axis=0)
            tokens[borders[first:last] - borders[first] + 1] = before + np.arange(first, last)
            rows.append((ids, flags, tokens))
        before += len(text.words)
    return Stretches(*(np.stack(column) for column in zip(*rows, strict=True)))  # type: ignore[arg-type]


def start(flags: int, random: np.random.Generator) -> Weights:
    """MiniLM's weights and those of a head for `flags` columns of flags, which are not read yet."""
    kept = ("embeddings.word", "embeddings.position_embeddings", "embeddings.token_type", "embeddings.Layer", "encoder")
    weights: Weights = {name: jnp.asarray(one) for name, one in load().weights.items() if name.startswith(kept)}
    return weights | {
        "flags": jnp.zeros((flags, WIDTH)),
        "head": jnp.asarray(random.normal(0, 0.02, (WIDTH, TAGS + 2)).astype(np.float32)),
        "head_flags": jnp.zeros((flags, TAGS + 2)),
        "head_bias": jnp.zeros(TAGS + 2),
    }


def log_odds(weights: Weights, pieces: Any, flags: Any, key: Any = None) -> Any:
    """What it makes of each piece: (s, MAX_PIECES, 7), the labels and then not content and content.

    With a `key` states are dropped at random, for learning.
    """
    state = weights["embeddings.word_embeddings.weight"][pieces]
    state = state + weights["embeddings.position_embeddings.weight"][: pieces.shape[1]]
    state = state + weights["embeddings.token_type_embeddings.weight"][0] + flags @ weights["flags"]
    state = _normed(state, weights, "embeddings.LayerNorm")
    unseen = jnp.where(pieces > 0, 0, -1e9)[:, None, None, :]
    keys = [None] * (2 * LAYERS + 1) if key is None else jax.random.split(key, 2 * LAYERS + 1)
    for number in range(LAYERS):
        name = f"encoder.layer.{number}"
        asking, asked, told = (
            _linear(state, weights, f"{name}.attention.self.{part}").reshape(*pieces.shape, HEADS, WIDTH // HEADS)
            for part in ("query", "key", "value")
        )
        odds = jnp.einsum("bqhd,bkhd->bhqk", asking, asked) / np.sqrt(WIDTH / HEADS) + unseen
        mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(odds), told).reshape(state.shape)
        mixed = _dropped(_linear(mixed, weights, f"{name}.attention.output.dense"), keys[2 * number])
        state = _normed(state + mixed, weights, f"{name}.attention.output.LayerNorm")
        wide = jax.nn.gelu(_linear(state, weights, f"{name}.intermediate.dense"))
        wide = _dropped(_linear(wide, weights, f"{name}.output.dense"), keys[2 * number + 1])
        state = _normed(state + wide, weights, f"{name}.output.LayerNorm")
    return _dropped(state, keys[-1]) @ weights["head"] + flags @ weights["head_flags"] + weights["head_bias"]


def fit(texts: Sequence[Text], gold: Sequence[Example], seed: int = 1) -> Weights:
    """Weights after EPOCHS over documents with labels. The same for the same seed and machine."""
    laid = lay_out(texts, [one.inputs for one in gold])
    targets = np.concatenate([one.targets for one in gold])
    random = np.random.default_rng(seed)
    moved = start(laid.flags.shape[2], random)
    fixed = {name: moved.pop(name) for name in FROZEN}
    mask = load().tokenizer.token_to_id("[MASK]")
    mean = square = {name: jnp.zeros_like(one) for name, one in moved.items()}
    batches = -(-len(laid.pieces) // BATCH)
    step = partial(jax.jit(_step), fixed, EPOCHS * batches)
    for epoch in range(EPOCHS):
        order = np.resize(random.permutation(len(laid.pieces)), batches * BATCH)
        for number, rows in enumerate(order.reshape(batches, BATCH), epoch * batches):
            tokens = laid.tokens[rows]
            pieces = np.where((random.random(tokens.shape) < MASKED) & (tokens >= 0), mask, laid.pieces[rows])
            target = np.where(tokens[..., None] >= 0, targets[tokens], 0)
            key = jax.random.key(int(random.integers(2**31)), impl="unsafe_rbg")
            moved, mean, square = step(float(number), moved, mean, square, pieces, laid.flags[rows], target, key)
    return fixed | moved


def _loss(moved: Weights, fixed: Weights, pieces: Any, flags: Any, target: Any, key: Any) -> Any:
    found = log_odds(fixed | moved, pieces, flags.astype(jnp.float32), key)
    tags = -(jax.nn.log_softmax(found[..., :TAGS]) * target[..., :TAGS]).sum()
    content = -(jax.nn.log_softmax(found[..., TAGS:]) * target[..., TAGS:]).sum()
    return (tags + CONTENT_WEIGHT * content) / target[..., :TAGS].sum()


def _step(
    fixed: Weights, total: float, number: Any, moved: Weights, mean: Weights, square: Weights, *batch: Any
) -> tuple[Weights, Weights, Weights]:
    """One update of AdamW; gradients longer than 1 are cut to 1."""
    slope = jax.grad(_loss)(moved, fixed, *batch)
    cut = jnp.minimum(1, 1 / jnp.sqrt(sum((one * one).sum() for one in slope.values())))
    slope = {name: one * cut for name, one in slope.items()}
    mean = {name: 0.9 * mean[name] + 0.1 * one for name, one in slope.items()}
    square = {name: 0.999 * square[name] + 0.001 * one * one for name, one in slope.items()}
    share = jnp.minimum((number + 1) / (WARM_UP * total), (total - number) / ((1 - WARM_UP) * total))
    first, second = 1 - 0.9 ** (number + 1), 1 - 0.999 ** (number + 1)
    after = {}
    for name, one in moved.items():
        rate = share * (HEAD_RATE if name.startswith(("head", "flags")) else RATE)
        way = mean[name] / first / (jnp.sqrt(square[name] / second) + 1e-8)
        after[name] = one - rate * (way + DECAY * one)
    return after, mean, square


def opinions(weights: Weights, texts: Sequence[Text], given: Sequence[Inputs]) -> list[FloatArray]:
    """What it makes of each text's n tokens: (n, 7), as `log_odds`."""
    laid, read = lay_out(texts, given), jax.jit(log_odds)
    borders = np.cumsum([len(text.words) for text in texts])
    found = np.empty((borders[-1], TAGS + 2), np.float32)
    for at in range(0, len(laid.pieces), BATCH):
        pieces, flags, tokens = (_filled(part[at : at + BATCH]) for part in laid)
        told = np.asarray(read(weights, pieces, flags.astype(np.float32)))
        is_first = (tokens >= 0) & (pieces > 0)
        found[tokens[is_first]] = told[is_first]
    return np.split(found, borders[:-1])


def _filled(rows: NDArray[Any]) -> NDArray[Any]:
    """BATCH rows, zeros behind those there are: another shape would be compiled anew."""
    return np.concatenate([rows, np.zeros((BATCH - len(rows), *rows.shape[1:]), rows.dtype)])


def _linear(rows: Any, weights: Weights, name: str) -> Any:
    return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normed(rows: Any, weights: Weights, name: str) -> Any:
    mean, spread = rows.mean(axis=-1, keepdims=True), rows.var(axis=-1, keepdims=True)
    return (rows - mean) * jax.lax.rsqrt(spread + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _dropped(rows: Any, key: Any) -> Any:
    return rows if key is None else rows * jax.random.bernoulli(key, 1 - DROPOUT, rows.shape) / (1 - DROPOUT)
