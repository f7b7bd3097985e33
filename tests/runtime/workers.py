"""Small workers for the tests of links and supervision; spawned, so they stand in a module of their own."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

from installation.core.messages import WorkerStatus


def echo(connection: Connection, config: object) -> None:
    """Sends back all it gets, then a farewell at the end of file."""
    connection.send(WorkerStatus("echo", "running", {"config": config}))
    try:
        while True:
            connection.send(connection.recv())
    except EOFError:
        connection.send("farewell")


def deaf(connection: Connection, _config: object) -> None:
    """Says that it runs, then never reads and never speaks again."""
    connection.send(WorkerStatus("deaf", "running"))
    time.sleep(3600)


def half(connection: Connection, _config: object) -> None:
    """Writes half a message and dies."""
    os.write(connection.fileno(), (1000).to_bytes(4, "big") + b"half")
    os._exit(1)


def barren(connection: Connection, _config: object) -> None:
    """Fails at once, with its reason."""
    connection.send(WorkerStatus("barren", "failed", {"reason": "there is no such device."}))


def confused(connection: Connection, _config: object) -> None:
    """Says what nobody understands, then goes on as if nothing had been."""
    connection.send("nonsense")
    deaf(connection, _config)
