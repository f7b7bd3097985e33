"""The clock and the figures of the render loop in processor time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.bench.render_loop import ROOT, LoopClock, Script, figures, measured_in


def test_words_come_at_their_time_and_waiting_takes_none_of_the_processor() -> None:
    clock = LoopClock()
    began = clock.now()
    script = Script(clock, [(began + 100.0, "words")])
    assert script.receive(60.0) == []
    assert script.receive(60.0) == ["words"]
    assert 100.0 <= clock.now() - began < 105.0
    assert script.receive() == []


def test_figures_count_from_the_first_words_on() -> None:
    def frame(prompt_id: int, change: float) -> SimpleNamespace:
        return SimpleNamespace(prompt_id=prompt_id, change=change, steps=2, cutouts=3)

    frames = [(0.5, frame(0, 0.0)), (1.1, frame(1, 3.0)), (1.3, frame(1, 5.0)), (1.9, frame(1, 9.0))]
    assert figures(frames, [1.0], 1.0, 2.0) == {
        "frames/s": 1.5,
        "steps/s": 3.0,
        "cutouts": 3.0,
        "longest gap, ms": pytest.approx(600.0),
        "words to a frame that shows them, ms": pytest.approx(300.0),
    }


@pytest.mark.slow
def test_a_checkout_is_measured_in_a_process_of_its_own() -> None:
    found = measured_in(ROOT, ["fake", 1.5, 20.0, 0, 0.0])
    assert 10.0 < found["frames/s"] <= 22.0
    assert found["steps/s"] > 0.0
