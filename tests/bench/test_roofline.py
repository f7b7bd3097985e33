"""Counted operations and the roofline."""

from __future__ import annotations

import torch

from installation.bench.roofline import DeviceLimit, OperationCount, count_operations


def test_operations_and_bytes_of_a_matrix_product_are_counted_exactly() -> None:
    left, right = torch.ones(30, 40), torch.ones(40, 50)
    counted = count_operations(lambda: (left @ right).relu())
    assert counted == OperationCount(2.0 * 30 * 40 * 50, 4.0 * (30 * 40 + 40 * 50 + 30 * 50))


def test_the_roofline_is_the_slower_of_computing_and_moving() -> None:
    limit = DeviceLimit(operations=100.0, bytes=10.0, precision="float32")
    assert limit.share(OperationCount(50.0, 1.0), 1.0) == 0.5
    assert limit.share(OperationCount(50.0, 8.0), 1.0) == 0.8
