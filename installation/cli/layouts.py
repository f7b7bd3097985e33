"""The command `layout`: ready-made layouts for the programs that steer a show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from installation.core.errors import ShowError
from installation.core.paths import writing


def layout(
    program: Annotated[
        str, typer.Argument(help="touchosc, open-stage-control, max, companion, qlab or touchdesigner.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    host: Annotated[str, typer.Option(help="Address of the machine that plays the show.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="OSC port of the show.", min=1, max=65535)] = 9410,
    feedback_port: Annotated[int, typer.Option(help="Port where the program listens.", min=1, max=65535)] = 9411,
) -> int:
    """Write a layout with every live parameter, for a program that steers the show by OSC."""
    from dataclasses import asdict

    from installation.control.layouts.registry import layout_format
    from installation.control.layouts.widgets import Connection

    chosen, connection = layout_format(program), Connection(host, port, feedback_port)
    if output.suffix.lower() != chosen.suffix:
        raise ShowError(f"A layout for {program} is a {chosen.suffix} file: -o {output.with_suffix(chosen.suffix)}.")
    with writing(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(chosen.make(connection))
    print(f"{output}\n{chosen.next_step.format(**asdict(connection))}")
    return 0
