"""A whole show as a process of its own, for tests and benchmarks: words by OSC, its workers by name, its report."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pythonosc.udp_client import SimpleUDPClient

from installation.core.messages import FrameReady
from installation.journal.codec import encode
from installation.journal.frames import FrameDecoder
from installation.journal.reader import parse_entry

ROOT = Path(__file__).resolve().parent.parent


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for a condition, for so long at most; return what it found. `what`: names it in the failure."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
    return found


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningShow:
    """`run_show.py play SHOW …`, headless by default, in a folder for its files."""

    def __init__(
        self,
        show: str,
        folder: Path,
        *arguments: str,
        headless: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.report_path = folder / "report.json"
        self.journal_path = folder / "journal.jsonl"
        self.log_path = folder / "log.txt"
        self._journal: list[dict[str, Any]] = []  # of the first `_journal_bytes` of its file
        self._journal_bytes = self._journal_inode = 0
        self._frames = FrameDecoder()
        command = [sys.executable, str(ROOT / "run_show.py"), "play", show, "--set", f"osc.port={self.port}"]
        command += ["--set", "osc.feedback_port=0", "--set", "web.enabled=false", "--report", str(self.report_path)]
        command += ["--journal", str(self.journal_path), *arguments, *(["--headless"] if headless else [])]
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # so that a signal can be sent to the whole group, as a terminal does
            )
        self.osc = SimpleUDPClient("127.0.0.1", self.port)

    def workers(self) -> dict[str, psutil.Process]:
        """The processes of the show by their names: stage, renderer, control, speech, recorder."""
        found = {}
        for process in [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children()]:
            try:
                title = " ".join(process.cmdline())
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            if title.startswith("laterna: ") and process.status() != psutil.STATUS_ZOMBIE:
                found[title.removeprefix("laterna: ").strip()] = process
        return found

    def say(self, text: str, address: str = "/prompt") -> None:
        self.osc.send_message(address, text)

    def answers(self) -> bool:
        """Whether the OSC port is open: a ping is answered within half a second."""
        self.osc.send_message("/laterna/ping", [])
        return bool(self.osc.receive(0.5))

    def type(self, line: str) -> None:
        """A line typed in the terminal."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def journal(self) -> list[dict[str, Any]]:
        """What the journal holds so far. Each line is read once: tests ask many times, on a machine that is busy."""
        if not self.journal_path.is_file():
            return []
        with self.journal_path.open("rb") as file:
            if (number := os.fstat(file.fileno()).st_ino) != self._journal_inode:  # the first file, or it was rotated
                self._journal_inode, self._journal_bytes, self._journal, self._frames = number, 0, [], FrameDecoder()
            file.seek(self._journal_bytes)
            lines = file.read().split(b"\n")[:-1]  # the last one is not finished
        for line in lines:
            self._journal_bytes += len(line) + 1
            if not self._journal:
                self._journal.append(json.loads(line))
            else:
                entry = parse_entry(json.loads(line), self._frames)
                self._journal.append({"t": entry.t, **encode(entry.message)})
        return list(self._journal)

    def drawn(self) -> list[dict[str, Any]]:
        """The records of the frames that were drawn."""
        return [record for record in self.journal() if record.get("is") == FrameReady.__name__]

    def end(self, seconds: float = 60.0, number: int = signal.SIGINT) -> dict[str, Any]:
        """End the show as a terminal does, with a signal to all its processes; return the report."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        assert self.process.wait(seconds) == 0, self.log()
        return dict(json.loads(self.report_path.read_text(encoding="utf-8")))

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")


@contextmanager
def running(
    show: str,
    folder: Path,
    arguments: Sequence[str] = (),
    headless: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningShow]:
    """A show that is ended with the block, whatever happens in it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = RunningShow(show, folder, *arguments, headless=headless, environment=environment)
    try:
        yield made
    finally:
        made.osc.close()
        children = psutil.Process(made.process.pid).children() if made.process.poll() is None else []
        family: list[psutil.Process | subprocess.Popen[str]] = [*children, made.process]
        for process in family:
            try:
                process.kill()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        made.process.wait(10)
        if made.process.stdin:
            made.process.stdin.close()


def resume(process: psutil.Process) -> None:
    """Lets a stopped process go on, if it is still there."""
    if process.is_running():
        os.kill(process.pid, signal.SIGCONT)
