"""The names and the settings of the web surface."""

from __future__ import annotations

from dataclasses import dataclass, field

from installation.show.settings import AudienceSettings, OscSettings, WebSettings

KIND = "web"


@dataclass(frozen=True)
class WebConfig:
    """The sections of a show file that concern the web surface."""

    web: WebSettings = field(default_factory=WebSettings)
    audience: AudienceSettings = field(default_factory=AudienceSettings)
    osc: OscSettings = field(default_factory=OscSettings)  # OSCQuery says where OSC is
    title: str = ""
