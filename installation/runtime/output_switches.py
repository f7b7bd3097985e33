"""The outputs of the show file: each can be switched off and on while the show plays, and its state is reported."""

from __future__ import annotations

from installation.conductor.conductor import Conductor
from installation.core.messages import Value
from installation.core.worker_status import OutputFigures
from installation.runtime.workers import Workers

STATES = ("off", "starting", "running", "failed", "lost")  # by `output/1/state/index`


class OutputSwitches:
    """Starts and ends the outputs, by their numbers from 1, as `output/1/active` says. `now` is `clock.now`."""

    def __init__(self, workers: Workers, conductor: Conductor) -> None:
        """The outputs are those of the show of `workers`; `conductor` has the values."""
        self._workers, self._conductor = workers, conductor
        self._names: dict[int, str] = {}  # of the workers of the outputs that are on
        self._ending: dict[int, str] = {}  # of workers that still have the port, or the name, of their output

    def update(self, number: int, now: float) -> None:
        """Start an output that is to be on, or let one finish its work in the background that is to be off.

        One that is still finishing begins again after that. Raises OSError if it cannot be started.
        """
        on = bool(self._conductor.values[f"output/{number}/active"])
        if on and number not in self._names and self._ending.get(number) not in self._workers.endings:
            spec, settings, source = self._workers.sinks[number - 1]
            self._names[number] = self._workers.start_output(spec, settings, source, self._workers.rate, now)
        elif not on and number in self._names:
            name = self._names.pop(number)
            films = self._workers.sinks[number - 1][0].claim  # each has its own name, and may take long to finish
            self._ending[number] = "" if films else name
            self._workers.end_output(name)

    @property
    def files(self) -> list[int]:
        """The outputs that leave files, which begin with the show."""
        return [number for number, (spec, _, _) in enumerate(self._workers.sinks, 1) if spec.claim]

    @property
    def next(self) -> int | None:
        """The next output to be started, whose worker before has ended.

        The others wait: a stage that plays on a processor would be late while many workers load at once.
        """
        return next((each for each in self.waiting if self._ending.get(each) not in self._workers.endings), None)

    @property
    def waiting(self) -> list[int]:
        """The outputs that are to be on and have no worker yet."""
        numbers = range(1, len(self._workers.sinks) + 1)
        return [each for each in numbers if self._conductor.values[f"output/{each}/active"] and each not in self._names]

    def readings(self) -> dict[str, Value]:
        """The readings of all outputs."""
        readings: dict[str, Value] = {}
        waiting = self.waiting
        for number, (spec, _, _) in enumerate(self._workers.sinks, 1):
            name = self._names.get(number, "")
            worker = self._workers.by_name.get(name)
            state = worker.state if worker else STATES[number in waiting]
            figures = (
                worker.figures if worker and isinstance(worker.figures, OutputFigures) else OutputFigures(spec.kind)
            )
            of_output: dict[str, Value] = {
                "name": name or spec.kind,
                "state": state,
                "state/index": STATES.index(state) if state in STATES else 0,
                "viewers": figures.viewers,
                "lost": figures.lost,
            }
            readings |= {f"output/{number}/{key}": value for key, value in of_output.items()}
        return readings
