from __future__ import annotations

from installation.render.live_values import LiveValues


def test_sound_is_added_within_the_range_of_a_parameter() -> None:
    live = LiveValues().directed({"walk/amount": 0.9}).modulated({"walk/amount": 5.0})
    assert (live.params["walk/amount"], live.values["walk/amount"]) == (0.9, 1.0)
    assert abs(live.added_drift - 0.1) < 1e-9


def test_what_changes_nothing_is_the_same_object() -> None:
    live = LiveValues().directed({"walk/speed": 0.5}).modulated({"walk/push": 0.2})
    assert live.directed({"walk/speed": 0.5}) is live
    assert live.modulated({"walk/push": 0.2}) is live
    assert live.directed({"walk/speed": 0.6}).added == {"walk/push": 0.2}


def test_the_truncation_of_a_dream_does_not_follow_sound() -> None:
    live = LiveValues().modulated({"dream/rate": 0.2, "latent/truncation": -0.4})
    assert live.of_dream["latent/truncation"] == live.params["latent/truncation"]
    assert live.of_dream["dream/rate"] == live.values["dream/rate"] != live.params["dream/rate"]
