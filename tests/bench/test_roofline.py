"""Counted operations and the roofline."""

from __future__ import annotations

import torch

from installation.bench.roofline import DeviceLimit, Operation, OperationCount, count_operations


def test_operations_and_bytes_of_a_matrix_product_are_counted_exactly() -> None:
    left, right = torch.ones(30, 40), torch.ones(40, 50)
    counted = count_operations(lambda: (left @ right).relu())
    moved = 4.0 * (30 * 40 + 40 * 50 + 30 * 50)
    assert counted == OperationCount((Operation(2.0 * 30 * 40 * 50, moved, "float32"),))


def test_the_gradient_of_a_convolution_counts_as_well_and_calls_are_averaged() -> None:
    pictures, kernel = torch.ones(1, 4, 8, 8, requires_grad=True), torch.ones(6, 4, 3, 3)

    def call() -> None:
        torch.nn.functional.conv2d(pictures, kernel, padding=1).sum().backward()  # type: ignore[no-untyped-call]

    once, thrice = count_operations(call), count_operations(call, 3)
    assert once.operations == 2 * 2.0 * 6 * 4 * 9 * 64
    assert (thrice.operations, len(thrice.parts)) == (once.operations, 3 * len(once.parts))


def test_the_roofline_of_each_operation_is_the_slower_of_computing_and_moving() -> None:
    limit = DeviceLimit({"float32": 100.0, "bfloat16": 400.0}, bytes=10.0)
    computing, moving = Operation(50.0, 1.0, "float32"), Operation(50.0, 8.0, "float32")
    assert limit.share(OperationCount((computing,)), 1.0) == 0.5
    assert limit.share(OperationCount((moving,)), 1.0) == 0.8
    assert limit.share(OperationCount((computing, moving), calls=2), 1.0) == (0.5 + 0.8) / 2
    assert limit.seconds(OperationCount((Operation(100.0, 0.0, "bfloat16"),))) == 0.25
