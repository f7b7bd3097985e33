"""The output worker: reads presented frames from a ring and gives them to one sink."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection

from installation.core.clock import now
from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.outputs.interface import OutputConfig, OutputSink

TICK_SECONDS = 0.05
STATUS_SECONDS = 1.0
BATCH = 500  # frames between two ticks, so that statuses are sent even while the sink works off a backlog


def run_output(connection: Connection, config: OutputConfig) -> None:
    """Run an output worker until main closes the pipe; then finish the sink and report "done"."""
    run_worker(config.name, write_frames, connection, config, background=True)


def write_frames(channel: WorkerChannel, config: OutputConfig) -> None:
    """Give the sink every announced frame until the channel is closed, then close the sink."""
    ring = FrameRing(config.ring)
    sink = config.spec.make(config.settings)
    sink.open(config.frames)
    status_at = now()
    pending: list[FramePresented] = []
    closed = False
    while pending or not closed:
        closed = channel.closed  # before receiving, so that nothing can arrive after the last look
        pending += channel.receive(0.0 if pending else TICK_SECONDS)
        deliver(pending[:BATCH], ring, sink)
        del pending[:BATCH]
        sink.tick(now())
        _send_notices(channel, sink)
        if now() >= status_at:
            status_at = now() + STATUS_SECONDS
            channel.status("running", figures=sink.figures())
    sink.close(now())
    ring.close()
    _send_notices(channel, sink)
    channel.status("done", figures=sink.figures())


def deliver(messages: Sequence[FramePresented], ring: FrameRing, sink: OutputSink) -> None:
    """Give the sink the frames that the messages announce, as far as the ring still holds them."""
    for number, message in enumerate(messages, 1):
        wanted = sink.every_frame or number == len(messages)
        picture = ring.read(message.slot, message.sequence, check=False) if wanted else None
        if picture is None:
            sink.missed(message.at)
        else:
            sink.write(picture, message.at)


def _send_notices(channel: WorkerChannel, sink: OutputSink) -> None:
    for text in sink.notices():
        channel.notice(text)
