"""The recorder's process: told over its pipe what the stage has presented, it writes the files."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from installation.core.clock import now
from installation.core.messages import FramePresented, Notice, WorkerStatus
from installation.core.os_support import be_nice, ignore_interrupts, name_process
from installation.outputs.config import RecorderConfig

if TYPE_CHECKING:
    from installation.outputs.recorder import Recorder

TURN_SECONDS = 0.05  # at most, without news
TURN_MESSAGES = 500  # at most, so that signs of life are not forgotten over a long backlog


def run_recorder(connection: Connection, config: RecorderConfig) -> None:
    """Records until the pipe ends, then finishes the file. The outermost function of the process.

    Takes Presented, sends Sign (once a second; "done" at the end) and Notice.
    """
    name_process("recorder")
    ignore_interrupts()
    be_nice()
    try:
        _tell(connection, WorkerStatus("recorder", "starting"))
        from installation.outputs.recorder import Recorder

        recorder = Recorder(config)
        _record(connection, recorder)
        for notice in recorder.finish(now()):
            _tell(connection, notice)
        _tell(connection, WorkerStatus("recorder", "done", recorder.figures()))
    except Exception as error:
        _tell(connection, Notice("recorder", f"The recorder has failed: {error}"))
        _tell(connection, WorkerStatus("recorder", "failed"))
        raise


def _record(connection: Connection, recorder: Recorder) -> None:
    sign_at = 0.0
    more = True
    while more:
        more, messages = _received(connection)
        recorder.presented(messages, now())
        for notice in recorder.tick(now()):
            _tell(connection, notice)
        if now() >= sign_at:
            sign_at = now() + 1.0
            _tell(connection, WorkerStatus("recorder", "running", recorder.figures()))


def _received(connection: Connection) -> tuple[bool, list[FramePresented]]:
    """What has come, after a short wait at most; and whether more may follow."""
    messages: list[FramePresented] = []
    wait = TURN_SECONDS
    try:
        while len(messages) < TURN_MESSAGES and connection.poll(wait):
            messages.append(connection.recv())
            wait = 0.0
    except (EOFError, OSError):  # main has closed its end, or is gone
        return False, messages
    return True, messages


def _tell(connection: Connection, message: WorkerStatus | Notice) -> None:
    try:
        connection.send(message)
    except OSError:  # main is gone; the recording is finished all the same, as its pipe reads end of file
        return
