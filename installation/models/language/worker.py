"""The writer: a process that writes the next line of a show with a language model when main asks for one."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from installation.core.os_support import cores
from installation.core.speech_messages import LineWritten, WriteLine
from installation.core.worker_shell import WorkerChannel, run_worker

STATUS_SECONDS = 0.5


@dataclass(frozen=True)
class WriterConfig:
    """What the writer is started with.

    Attributes:
        folder: Of the language model.
        seed: Of what it writes.
    """

    folder: Path
    seed: int


def run_writer(connection: Connection, config: WriterConfig) -> None:
    """Run the writer until main closes the pipe. Main sends `WriteLine` and gets `LineWritten`."""
    run_worker("writer", _write, connection, config)


def _write(channel: WorkerChannel, config: WriterConfig) -> None:
    import torch

    from installation.models.language.writer import LanguageWriter

    torch.set_num_threads(max(1, cores() // 4))  # the show needs the others
    writer = LanguageWriter(config.folder, config.seed)
    while not channel.closed:
        channel.status("running")
        asked = [message for message in channel.receive(STATUS_SECONDS) if isinstance(message, WriteLine)]
        for message in asked[-1:]:
            channel.send(LineWritten(message.number, writer.write(message.lines)))
