"""The settings of an unattended installation: opening hours, projector, log, alerts and disk budget."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from installation.show.section import PathText, Section, Texts


class OpeningSettings(Section):
    """Opening hours. Outside them the show sleeps: black, with the GPU idle."""

    hours: dict[str, str] = Field(
        default_factory=dict, description='by day: { tue-sun = "10:00-18:00", 12-24 = "closed" }; none: always open'
    )
    timezone: str = Field(default="", description='such as "Europe/Berlin"; empty: that of the machine')
    holidays: str = Field(default="", description='country, or country and part: "DE-BE"; for the day "holidays"')
    latitude: float = Field(default=52.5, ge=-90.0, le=90.0, description="degrees north, for sunrise and sunset")
    longitude: float = Field(default=13.4, ge=-180.0, le=180.0, description="degrees east")
    no_sunrise: str = Field(default="08:00", description="sunrise on days without one")
    no_sunset: str = Field(default="20:00", description="sunset on days without one")
    fade_seconds: float = Field(default=10.0, ge=0.0, le=600.0, description="to black at closing, and back")
    warm_up_seconds: float = Field(default=60.0, ge=0.0, le=3600.0, description="projector on, before opening")
    recycle: str = Field(default="", description='time at which the workers are replaced each night, such as "04:30"')
    selftest: str = Field(default="", description='time of the nightly self-test, while the show sleeps: "05:00"')


class ProjectorSettings(Section):
    """The projector or screen that is switched with the opening hours."""

    kind: Literal["none", "pjlink", "cec", "ddcutil"] = Field(default="none", description="how it is switched")
    host: str = Field(default="", description="address, for pjlink")
    port: int = Field(default=4352, ge=1, le=65535, description="for pjlink")
    password: str = Field(default="", description="for pjlink")
    device: str = Field(default="", description='"/dev/cec0" for cec; the display number for ddcutil; empty: the first')

    @model_validator(mode="after")
    def _has_host(self) -> ProjectorSettings:
        if self.kind == "pjlink" and not self.host:
            raise ValueError("a projector of kind 'pjlink' needs a host")
        return self


class LogSettings(Section):
    """The rotating event log: one JSON object a line."""

    log_folder: PathText = Field(default="", description='such as "logs"; empty: no log')
    max_megabytes: float = Field(default=10.0, gt=0.0, le=1000.0, description="of one file")
    files: int = Field(default=10, ge=1, le=1000, description="that are kept")
    resume: bool = Field(default=True, description="go on where the show was after a power cut or a crash")


class AlertSettings(Section):
    """Messages to the people in charge: one for each fault, and one when it is over."""

    urls: Texts = Field(default=(), description='as Apprise takes them: "ntfy://my-topic", "mailto://…"')
    after_seconds: float = Field(default=30.0, ge=0.0, le=3600.0, description="that a fault lasts before it is sent")
    heartbeat_url: str = Field(default="", description="fetched while frames are presented, for an outside monitor")
    heartbeat_seconds: float = Field(default=60.0, ge=5.0, le=3600.0, description="between two heartbeats")


class DiskSettings(Section):
    """Disk space for recordings, stills, journals and logs together; the oldest are deleted first."""

    max_gigabytes: float = Field(default=0.0, ge=0.0, le=1e6, description="of all of them; 0: no limit")
    min_free_gigabytes: float = Field(default=1.0, ge=0.0, le=1e6, description="below which the operator is told")
