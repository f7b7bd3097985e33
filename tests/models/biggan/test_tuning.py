from __future__ import annotations

import math

from installation.models.biggan.folded import Variant
from installation.models.biggan.tuning import fastest


def test_only_changes_that_save_time_are_kept() -> None:
    saved = {"fused_affine": 0.4, "padded_colours": 0.0, "product_attention": 0.1}

    def seconds(variant: Variant) -> float:
        return 1.0 - sum(saved[name] for name, used in variant._asdict().items() if used)

    assert fastest(seconds) == Variant(fused_affine=True, product_attention=True)


def test_what_cannot_be_computed_here_is_left_out() -> None:
    assert fastest(lambda variant: math.inf if variant.fused_affine else 1.0) == Variant()
