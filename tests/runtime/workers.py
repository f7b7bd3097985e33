"""Small workers for the tests of links and supervision; spawned, so they are in a module of their own."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

from installation.core.messages import Origin, Trigger
from installation.core.worker_status import WorkerStatus


def echo(connection: Connection, config: object) -> None:
    """Send back every message, then a farewell at the end of file."""
    connection.send(WorkerStatus("echo", "running", str(config)))
    try:
        while True:
            connection.send(connection.recv())
    except EOFError:
        connection.send("farewell")


def hung(connection: Connection, _config: object) -> None:
    """Report that it runs, then neither read nor send again."""
    connection.send(WorkerStatus("hung", "running"))
    time.sleep(3600)


def failing(connection: Connection, _config: object) -> None:
    """Fail at once, with a reason."""
    connection.send(WorkerStatus("failing", "failed", "there is no such device."))


def silent(_connection: Connection, _config: object) -> None:
    """Die without a word."""
    os._exit(3)


def confused(connection: Connection, _config: object) -> None:
    """Send a message of an unknown type and a prompt together, then go on."""
    connection.send("nonsense")
    connection.send(Trigger("prompt", ("a red fox",), Origin("confused")))
    hung(connection, _config)


def busy(connection: Connection, _config: object) -> None:
    """Report that it runs, then compute without sending anything."""
    connection.send(WorkerStatus("busy", "running"))
    while True:
        sum(range(10_000))
