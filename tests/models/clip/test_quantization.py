"""The compact form of weights."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from installation.models.clip.quantization import dequantize_rows, pack, quantize_rows, unpack
from installation.models.interfaces import Floats


def table(seed: int) -> Floats:
    random = np.random.default_rng(seed)
    size = np.array([[1e-3], [0.1], [1.0], [30.0]])
    rows: Floats = (random.standard_normal((4, 64)) * size).astype(np.float32)
    return rows


def test_each_row_keeps_its_own_precision() -> None:
    rows = table(1)
    again = dequantize_rows(*quantize_rows(rows))
    step = np.abs(rows).max(axis=1, keepdims=True) / 127
    assert (np.abs(again - rows) <= 0.62 * step).all()


def test_a_row_of_zeros_stays_zero() -> None:
    steps, scale = quantize_rows(np.zeros((2, 8), np.float32))
    assert_array_equal(dequantize_rows(steps, scale), np.zeros((2, 8), np.float32))


def test_quantizing_twice_changes_almost_nothing() -> None:
    once = dequantize_rows(*quantize_rows(table(2)))
    assert_allclose(dequantize_rows(*quantize_rows(once)), once, rtol=2e-3)


def test_packed_weights_are_unpacked_under_their_names() -> None:
    weights = {"words": table(3), "layer.weight": table(4), "norm.scale": np.ones(3, np.float32), "count": np.array(7)}
    packed = pack(weights, ("words",))
    assert {key: value.dtype.name for key, value in packed.items()} == {
        "words": "int8",
        "words.scale": "float16",
        "layer.weight": "float16",
        "norm.scale": "float16",
        "count": "int64",
    }
    again = unpack(packed)
    assert again.keys() == weights.keys()
    assert again["count"] == 7
    assert_allclose(again["layer.weight"], weights["layer.weight"], rtol=1e-3, atol=1e-6)
