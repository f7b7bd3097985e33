"""The output worker: reads presented frames from a ring and gives them to one sink."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from installation.core.clock import now
from installation.core.frame_ring import FrameRing
from installation.core.messages import CueFired, FramePresented
from installation.core.speech_messages import SentenceSpoken
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import OutputFigures
from installation.outputs.interface import OutputConfig, OutputSink, TakesChapters, TakesWords

TICK_SECONDS = 0.05
STATUS_SECONDS = 1.0
MAX_BLOCKED_SECONDS = 60.0  # of one turn of the sink, as a network's time limits take; then the worker is replaced
BATCH = 500  # frames between two ticks, so that statuses are sent even while the sink works off a backlog

_Message = FramePresented | CueFired | SentenceSpoken


def run_output(connection: Connection, config: OutputConfig) -> None:
    """Run an output worker until main closes the pipe; then finish the sink and report "done"."""
    run_worker(config.name, write_frames, connection, config)


def write_frames(channel: WorkerChannel, config: OutputConfig) -> None:
    """Give the sink every announced frame until the channel is closed, then close the sink."""
    ring = FrameRing(config.ring)
    sink = config.spec.make(config.settings)
    with signs_of_life(channel) as signs:
        sink.open(config.frames)
        pending: list[_Message] = []
        closed = False
        while pending or not closed:
            signs.renew(sink.figures())
            closed = channel.closed  # before receiving, so that nothing can arrive after the last look
            pending += channel.receive(0.0 if pending else TICK_SECONDS)
            deliver(pending[:BATCH], ring, sink)
            del pending[:BATCH]
            if not closed:  # then it ends with the last frame, however long the rest takes
                sink.tick(now())
            _send_notices(channel, sink)
        sink.close(now())
    ring.close()
    _send_notices(channel, sink)
    channel.status("done", figures=sink.figures())


class SignsOfLife:
    """Sends the figures of the sink every second, also while a call of the sink blocks, for a minute at most."""

    def __init__(self, channel: WorkerChannel) -> None:
        self._channel = channel
        self._figures: OutputFigures | None = None
        self._renewed_at = now()
        self._over = threading.Event()

    def renew(self, figures: OutputFigures) -> None:
        """Note that the sink has returned from its last call, with these figures."""
        self._figures, self._renewed_at = figures, now()

    def run(self) -> None:
        """Send until `end`."""
        while True:
            if self._figures and now() < self._renewed_at + MAX_BLOCKED_SECONDS:
                self._channel.status("running", figures=self._figures)
            if self._over.wait(STATUS_SECONDS):
                return

    def end(self) -> None:
        """Send no more."""
        self._over.set()


@contextmanager
def signs_of_life(channel: WorkerChannel) -> Iterator[SignsOfLife]:
    """Signs of life, from a thread of their own, until the end of the block."""
    signs = SignsOfLife(channel)
    thread = threading.Thread(target=signs.run, name="signs of life", daemon=True)
    thread.start()
    try:
        yield signs
    finally:
        signs.end()
        thread.join()


def deliver(messages: Sequence[_Message], ring: FrameRing, sink: OutputSink) -> None:
    """Give the sink the frames that the messages announce, as far as the ring still holds them, chapters and words."""
    for message in messages:
        if isinstance(message, CueFired) and isinstance(sink, TakesChapters):
            sink.mark(message.name, message.at)
        if isinstance(message, SentenceSpoken) and isinstance(sink, TakesWords):
            sink.say(message.text, message.began, message.ended)
    frames = [message for message in messages if isinstance(message, FramePresented)]
    for number, message in enumerate(frames, 1):
        wanted = sink.every_frame or number == len(frames)
        picture = ring.read(message.slot, message.sequence, check=False) if wanted else None
        if picture is None:
            sink.missed(message.at)
        else:
            sink.write(picture, message.at)


def _send_notices(channel: WorkerChannel, sink: OutputSink) -> None:
    for text in sink.notices():
        channel.notice(text)
