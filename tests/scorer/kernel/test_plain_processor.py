"""On a processor without AVX-512 the kernel's loops for AVX2 run, without that the plain ones; here they are compiled
by themselves.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scorer import Scorer, kernel
from scorer.network import Network, flat
from scorer.normal import normalise
from scorer.tagger import inputs
from scorer.word_table import unpacked
from tests.scorer.kernel.test_network import assert_same, made_up
from tests.scorer.prose import ARTICLE, LOADED


@pytest.fixture(scope="module", params=["PLAIN", "NARROW"])
def lesser(request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The kernel without what only some processors have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        build = importlib.import_module("hatch_build")
        patch.setattr(build, "FLAGS", [*build.FLAGS, f"-DCREDENCE_{request.param}"])
        target = tmp_path_factory.mktemp("lesser") / "native.so"
        build.compile_kernel(sorted((root / "scorer/kernel/src").glob("*.c")), target)
    spec = importlib.util.spec_from_file_location("native", target)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules.pop("native", None)
    return module


@pytest.mark.slow
@pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
@pytest.mark.parametrize("text", [ARTICLE, LOADED, "No.", "“" * 300 + "said " * 70])
def test_the_network_gives_the_same_bits(scorer: Scorer, lesser: ModuleType, text: str) -> None:
    part = unpacked(scorer.model.part("attribution"))
    network, without = Network(part), Network(part)
    without.native = lesser.Network(*flat(without.weights))
    given = inputs(scorer.reader.read(normalise(text)), np.asarray(part.arrays["cue_words"]) > 0)
    assert np.array_equal(network.scores(given), without.scores(given))


@pytest.mark.slow
@pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")
def test_the_network_gives_the_same_bits_for_texts_of_any_length(scorer: Scorer, lesser: ModuleType) -> None:
    part = unpacked(scorer.model.part("attribution"))
    network, without = Network(part), Network(part)
    without.native = lesser.Network(*flat(without.weights))
    for length in (1, 2, 3, 4, 5, 127, 128, 129, 132, 300, 6_000):
        assert_same(network, without, made_up(length, len(network.weights.words), length))
