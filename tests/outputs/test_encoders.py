"""The choice of an encoder, with the FFmpeg of this machine."""

from __future__ import annotations

from installation.outputs.encoders import first_working, works


def test_an_encoder_without_its_card_is_passed_over() -> None:
    assert works("libx264")
    assert not works("h264_amf")
    assert not works("no-such-encoder")
    assert first_working(["no-such-encoder", "h264_amf", "libx264"]) == "libx264"
