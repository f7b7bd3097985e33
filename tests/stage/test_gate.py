"""The gate: what the flash guard has held is caught up with gently."""

from __future__ import annotations

import numpy as np

from installation.stage.crossfade import STEP_LIMIT, CrossfadeView
from installation.stage.gate import FlashGate
from installation.stage.picture import DecodedPicture

GREY, WHITE, BLACK = (DecodedPicture.of(np.full((36, 64, 3), level, np.float32)) for level in (110, 250, 10))


def test_after_flashes_that_were_held_the_picture_never_jumps() -> None:
    gate, held = FlashGate(), []
    passed = [gate.through(CrossfadeView(GREY, GREY, 1.0), 1.0, 0.0)]
    for frame in range(1, 61):  # strobes for a second, so that the guard has to hold, then stays white
        plate = (BLACK if frame // 3 % 2 else WHITE) if frame < 30 else WHITE
        passed.append(gate.through(CrossfadeView(plate, plate, 1.0), 1.0, frame / 30))
        held.append(passed[-1].held)
    first = held.index(True)
    after = [each.difference for each, before in zip(passed[first + 2 :], held[first:], strict=False) if before]
    assert len(after) > 5
    assert max(after) <= STEP_LIMIT + 0.1
    assert np.allclose(passed[-1].view.pixels(), 250, atol=1)  # type: ignore[union-attr]


def test_a_blackout_by_hand_comes_at_once_even_then() -> None:
    gate = FlashGate()
    for frame in range(30):
        plate = BLACK if frame // 3 % 2 else WHITE
        gate.through(CrossfadeView(plate, plate, 1.0), 1.0, frame / 30)
    passed = gate.through(CrossfadeView(WHITE, WHITE, 1.0), 0.0, 1.0)
    assert passed.view is not None
    assert passed.view.pixels().max() < 1.0
