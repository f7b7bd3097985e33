"""Ableton Link: a show follows another program of the network."""

from __future__ import annotations

import asyncio
import builtins
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from installation.control.interface import SurfaceContext
from installation.control.link_surface import MISSING, LinkSettings, LinkSurface
from installation.core import clock
from installation.core.messages import BeatClock, Inbox
from tests.conftest import require_package
from tests.running import until
from tests.workers import PATIENCE


class Player:
    """Another program in the session, in a thread of its own."""

    def __init__(self, bpm: float) -> None:
        self.bpm = bpm
        self.phases: list[tuple[float, float]] = []  # seconds of `clock.now`, and beats of the bar
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._play()), daemon=True)
        self._thread.start()

    async def _play(self) -> None:
        import aalink

        link = aalink.Link(self.bpm)
        link.quantum, link.enabled = 4.0, True
        while not self._ended.is_set():
            if abs(link.tempo - self.bpm) > 0.01:
                link.tempo = self.bpm
            self.phases.append((clock.now(), link.phase))
            await asyncio.sleep(0.01)
        link.enabled = False

    def end(self) -> None:
        self._ended.set()
        self._thread.join(PATIENCE)


def test_tempo_and_bar_are_those_of_the_session() -> None:
    require_package("aalink")
    sent: list[Inbox] = []
    surface = LinkSurface(LinkSettings(), SurfaceContext({}, sent.append, lambda _text: None))
    surface.start()
    player = Player(133.0)
    try:
        for bpm in (133.0, 96.0):
            player.bpm = bpm
            until(lambda bpm=bpm: sent and abs(sent[-1].bpm - bpm) < 0.01, PATIENCE, "the tempo")  # type: ignore[misc,union-attr]
        beat = sent[-1]
        assert isinstance(beat, BeatClock)
        assert beat.beat is not None
        at, phase = min(player.phases, key=lambda one: abs(one[0] - beat.at))
        apart = (beat.beat - phase - (beat.at - at) * beat.bpm / 60.0) % 4.0
        assert min(apart, 4.0 - apart) < 0.1
        assert surface.figures().connections == 1
    finally:
        player.end()
        surface.stop()


def test_without_the_package_the_operator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name == "aalink":
            raise ImportError(name)
        return original(name, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    surface = LinkSurface(LinkSettings(), SurfaceContext({}, lambda _message: None, lambda _text: None))
    surface.start()
    until(lambda: surface.figures().reason, PATIENCE, "the reason")
    assert surface.figures().reason == MISSING
    surface.stop()


def test_a_library_that_fails_is_told_to_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_bpm: float) -> None:
        raise RuntimeError("no network")

    monkeypatch.setitem(sys.modules, "aalink", SimpleNamespace(Link=fails))
    surface = LinkSurface(LinkSettings(), SurfaceContext({}, lambda _message: None, lambda _text: None))
    surface.start()
    until(lambda: "RuntimeError: no network" in surface.figures().reason, PATIENCE, "a reason")
    surface.stop()


def test_a_bar_without_beats_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        LinkSettings(beats=0)
