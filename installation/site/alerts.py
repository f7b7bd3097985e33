"""Sends alerts by Apprise, and the heartbeat to an outside monitor. Both may take long: call them in a thread."""

from __future__ import annotations

import os
import urllib.request
from importlib.util import find_spec

from installation.core.errors import LaternaError, ShowError
from installation.core.paths import pip_install
from installation.show.site_settings import AlertSettings

TIMEOUT_SECONDS = 10.0
VARIABLE = "LATERNA_ALERT_URLS"  # further addresses, separated by spaces, for secrets that are in no show file


class AlertError(LaternaError):
    """An alert or a heartbeat could not be sent."""


def alert_urls(settings: AlertSettings) -> tuple[str, ...]:
    """The addresses of the show file and of the environment. Raises ShowError if Apprise is missing."""
    urls = (*settings.urls, *os.environ.get(VARIABLE, "").split())
    if urls and find_spec("apprise") is None:
        raise ShowError(f"Alerts need Apprise: {pip_install('unattended')}.")
    return urls


def send_alert(urls: tuple[str, ...], title: str, text: str) -> None:
    """Send one message to every address. Raises AlertError, without the address, which may be secret."""
    from apprise import Apprise

    failed = []
    for number, url in enumerate(urls, 1):
        sender = Apprise()
        try:
            sent = sender.add(url) and sender.notify(title=title, body=text)
        except Exception:  # noqa: BLE001 -- a plug-in of Apprise, for an address that somebody has typed
            sent = False
        if not sent:
            failed.append(f"number {number} ({url.partition('://')[0]})")
    if failed:
        raise AlertError(f"An alert could not be sent to {', '.join(failed)} of alerts.urls.")


def beat(url: str) -> None:
    """Fetch the address of the monitor. Raises AlertError."""
    if not url.startswith(("http://", "https://")):
        raise AlertError("alerts.heartbeat_url is not an http address.")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            response.read(1000)
    except (OSError, ValueError) as error:
        raise AlertError(f"The monitor of the heartbeat cannot be reached: {error}.") from None
