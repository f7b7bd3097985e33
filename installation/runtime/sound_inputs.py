"""What a show listens to: a speech worker for each microphone, and a sound worker for a line input."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from installation.conductor.conductor import Conductor
from installation.core.os_support import ATTENTIVE_NICENESS
from installation.runtime import entry_points
from installation.runtime.options import RunOptions
from installation.runtime.worker_link import WorkerLink
from installation.show.sound_settings import SoundSettings
from installation.speech.interfaces import SoundConfig, SpeechConfig

Start = Callable[[], WorkerLink]


class SoundInputs:
    """How the workers that listen are started, from the state of the moment."""

    def __init__(self, options: RunOptions, conductor: Conductor, film_sound: Path | None) -> None:
        """`film_sound`: the ring for the sound of recordings; None if none of them has sound."""
        self._options, self._conductor, self._film_sound = options, conductor, film_sound

    @property
    def listens(self) -> bool:
        """Whether speech is recognised. `--audio` is for speech, unless the show only analyses sound."""
        show = self._options.show
        return show.listen.enabled or (self._options.audio is not None and not show.sound.enabled)

    @property
    def has_line_input(self) -> bool:
        """Whether sound has a source of its own, besides the microphone for speech."""
        sound = self._options.show.sound
        return sound.enabled and bool(sound.device or sound.file or not self.listens)

    @property
    def sound_file(self) -> Path | None:
        """The audio file that the sound worker plays instead of a device."""
        options, file = self._options, self._options.show.sound.file
        if options.audio and not self.listens:
            return options.audio
        return (options.folder or Path()) / file if file else None

    @property
    def microphones(self) -> dict[str, Start]:
        """How each speech worker is started, by its name; empty if the show does not listen."""
        options, show = self._options, self._options.show
        if not self.listens:
            return {}
        devices = ("",) if options.audio else show.listen.devices
        starts: dict[str, Start] = {}
        for number, device in enumerate(devices, 1):
            name = "speech" if number == 1 else f"speech-{number}"
            sound = show.sound if number == 1 and not self.has_line_input else None
            label = device if len(devices) > 1 else ""
            starts[name] = partial(self._start_microphone, name, device, label, sound)
        return starts

    @property
    def line_input(self) -> Start | None:
        """How the sound worker is started; None if there is none."""
        if not self.has_line_input:
            return None
        config = SoundConfig(self._options.show.sound, self.sound_file, self._film_sound)
        return lambda: WorkerLink(entry_points.sound, config, "sound", niceness=ATTENTIVE_NICENESS)

    def microphone(self, worker: str) -> str:
        """The label of the microphone that a worker listens to; "" if there is only one."""
        devices = self._options.show.listen.devices
        return devices[int(worker.partition("-")[2] or 1) - 1] if len(devices) > 1 else ""

    def _start_microphone(self, name: str, device: str, label: str, sound: SoundSettings | None) -> WorkerLink:
        """Start the worker of one microphone, with the gate and the script of the moment.

        `label` names it in its messages, `sound`: analyse its sound as well.
        """
        conductor, options = self._conductor, self._options
        config = SpeechConfig(
            listening=options.show.listen.model_copy(update={"device": device}),
            models=options.place.cache,
            hints=conductor.recognizer_hints,
            position=conductor.reading_position,
            gate=conductor.microphone_gate,
            microphone=label,
            audio=options.audio,
            sound=sound if sound and sound.enabled else None,
            film_sound=self._film_sound if name == "speech" and not self.has_line_input else None,
        )
        return WorkerLink(entry_points.speech, config, name, niceness=ATTENTIVE_NICENESS)


def is_speech(worker: str) -> bool:
    """Whether the worker of this name listens to a microphone; the first is "speech", the second "speech-2"."""
    return worker.partition("-")[0] == "speech"
