"""What each worker process runs.

A worker's module is imported in its process only: main, which starts the process by a function of this module, shows
its first picture sooner without the modules of all the workers.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from installation.control.interface import ControlConfig
    from installation.models.language.worker import WriterConfig
    from installation.outputs.interface import OutputConfig
    from installation.render.interfaces import RendererConfig
    from installation.runtime.options import HousekeepingConfig, NightlyConfig
    from installation.speech.interfaces import SoundConfig, SpeechConfig
    from installation.stage.screen_worker import ScreenConfig


def renderer(connection: Connection, config: RendererConfig) -> None:
    """Run the render worker."""
    from installation.render.worker import run_renderer

    run_renderer(connection, config)


def control(connection: Connection, config: ControlConfig) -> None:
    """Run the control worker."""
    from installation.control.worker import run_control

    run_control(connection, config)


def speech(connection: Connection, config: SpeechConfig) -> None:
    """Run the speech worker."""
    from installation.speech.worker import run_speech

    run_speech(connection, config)


def sound(connection: Connection, config: SoundConfig) -> None:
    """Run the sound worker."""
    from installation.speech.sound_worker import run_sound

    run_sound(connection, config)


def output(connection: Connection, config: OutputConfig) -> None:
    """Run an output worker."""
    from installation.outputs.worker import run_output

    run_output(connection, config)


def screen(connection: Connection, config: ScreenConfig) -> None:
    """Run the worker of a screen."""
    from installation.stage.screen_worker import run_screen

    run_screen(connection, config)


def writer(connection: Connection, config: WriterConfig) -> None:
    """Run the writer of a language model."""
    from installation.models.language.worker import run_writer

    run_writer(connection, config)


def housekeeping(connection: Connection, config: HousekeepingConfig) -> None:
    """Run housekeeping once."""
    from installation.runtime.housekeeping_worker import run_housekeeping

    run_housekeeping(connection, config)


def nightly_test(connection: Connection, config: NightlyConfig) -> None:
    """Run the self-test once."""
    from installation.runtime.nightly_worker import run_nightly_test

    run_nightly_test(connection, config)
