"""A Redis of the test's own, on a free port of the loopback address, in a folder of the test."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import require_package, require_system
from tests.running import until

DURABLE = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")


class RunningRedis:
    """`redis-server`; `kill` and `start` as often as needed: its words stay."""

    def __init__(self, folder: Path, options: tuple[str, ...] = DURABLE) -> None:
        self.folder, self.options = folder, options
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        self._process = subprocess.Popen([*command, "--save", "", *self.options], stdout=subprocess.DEVNULL)
        until(self._answers, 60, "an answer of Redis")

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process
        return self._process.pid

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.5) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def client(self) -> Any:
        import redis

        return redis.Redis.from_url(self.url, decode_responses=True, protocol=2)


@contextmanager
def running_redis(folder: Path, options: tuple[str, ...] = DURABLE) -> Iterator[RunningRedis]:
    """Skips without the program or the package."""
    require_package("redis")
    require_system(shutil.which("redis-server"), "Redis is missing (apt-get install redis-server)")
    server = RunningRedis(folder, options)
    try:
        yield server
    finally:
        server.kill()
