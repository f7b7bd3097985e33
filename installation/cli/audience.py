"""The command `audience`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from installation.control.broker.surface import BrokerSettings
    from installation.show.settings import Show


def audience(
    show: Annotated[str, typer.Argument(help="Name of the show, or path of its TOML file.")],
    broker: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="LATERNA_BROKER",  # other users of the machine see a password on the command line
            help="Redis or Valkey; empty: that of the show file. Give one with a password in LATERNA_BROKER.",
        ),
    ] = "",
    name: Annotated[str, typer.Option(help="Of the audience in the broker; empty: that of the show file.")] = "",
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0: the whole network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP; 0: any free port.", min=0, max=65535)] = 9413,
    limit: Annotated[int, typer.Option(help="Words that may wait in the broker.", min=1, max=1_000_000)] = 1000,
    behind: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Proxy whose X-Forwarded-For is believed; repeatable.")
    ] = None,
) -> int:
    """Serve the audience page of a show alone, in front of a broker; start as many as the crowd needs."""
    from installation.control.broker.relay import KIND
    from installation.control.broker.surface import BrokerSettings
    from installation.control.web.gateway import GatewayConfig, run_gateway
    from installation.core.errors import ShowError
    from installation.show.loader import load_show

    loaded = load_show(show)
    stated = _stated(loaded)
    url = broker or (stated.url if stated else "")
    if not url:
        raise ShowError(
            f"'{show}' has no [[surface]] of kind '{KIND}': name the broker with --broker redis://HOST:6379."
        )
    named = name or (stated.name if stated else BrokerSettings.name)
    config = GatewayConfig(url, named, loaded.title, loaded.audience, host, port, limit, tuple(behind or ()))
    run_gateway(config, lambda sentence: print(sentence, flush=True))
    return 0


def _stated(show: Show) -> BrokerSettings | None:
    """The broker of the show file."""
    from installation.control.broker.relay import KIND
    from installation.control.broker.surface import BrokerSettings
    from installation.show.extensions import extension_settings

    return next((extension_settings(each, BrokerSettings) for each in show.surface if each.kind == KIND), None)
