"""How outputs end: each finishes its work, and what one leaves undone, a second process finishes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from installation.core import clock
from installation.core.messages import Notice
from installation.core.worker_status import OutputFigures, WorkerStatus
from installation.outputs.interface import OutputClaim
from installation.runtime.supervisor import SupervisedWorker

MAX_FINISH_SECONDS = 1800.0  # for an output that the operator has ended while the show goes on; then it hangs
MAX_CLOSE_SECONDS = 10.0  # for one that leaves no files
OUTPUT_FINISH_SECONDS = 60.0  # for outputs at the end: ten minutes of segments are joined, on a slow disk


class OutputEndings:
    """The outputs that finish their work, and what all of them have left.

    Attributes:
        claims: What is held for the outputs that leave files, by name.
        files: What the outputs have left that have ended.
        unfinished: What could not be finished, in sentences.
    """

    def __init__(self) -> None:
        self.claims: dict[str, OutputClaim] = {}
        self.files: list[Path] = []
        self.unfinished: list[str] = []
        self._ending: list[SupervisedWorker] = []
        self._finish_by: dict[str, float] = {}  # of these, by name, seconds of `clock.now`
        self._repeated: set[str] = set()  # of these, by name, those in a second process

    def __len__(self) -> int:
        """How many outputs still finish their work while the show goes on."""
        return len(self._ending)

    def __contains__(self, name: object) -> bool:
        """Whether a worker of this name still finishes its work."""
        return any(output.name == name for output in self._ending)

    def begin(self, output: SupervisedWorker, now: float) -> None:
        """Let an output finish its work."""
        output.link.close()
        self._ending.append(output)
        limit = MAX_FINISH_SECONDS if output.name in self.claims else MAX_CLOSE_SECONDS
        self._finish_by[output.name] = now + limit

    def poll(self, now: float) -> list[Notice]:
        """What the outputs have to tell the operator that have finished since; never waits for one."""
        notices = []
        for output in list(self._ending):
            if output.link.process.is_alive():
                if now > self._finish_by[output.name]:
                    output.give_up("it does not finish")
                continue
            messages = self._last_messages(output)
            claim = self.claims.get(output.name)
            finished = not claim or _done(messages) or output.name in self._repeated
            if not finished and output.begin_last(now):  # the next process finishes what this one has left
                self._repeated.add(output.name)
                self._finish_by[output.name] = now + MAX_FINISH_SECONDS
                continue
            self._repeated.discard(output.name)
            del self._finish_by[output.name]
            self._ending.remove(output)
            notices += [*self._take_results(output, messages), *self._files_notice(output, messages)]
            if claim:
                self.claims.pop(output.name).release()
        return notices

    @staticmethod
    def _files_notice(output: SupervisedWorker, messages: list[Any]) -> list[Notice]:
        figures = [each.figures for each in messages if isinstance(each, WorkerStatus) and each.figures]
        files = [file for each in figures[-1:] if isinstance(each, OutputFigures) for file in each.files]
        return [Notice(output.name, f"Recorded {', '.join(files)}.")] if files else []

    def finish(self, outputs: Iterable[SupervisedWorker]) -> list[Notice]:
        """Wait until these outputs, whose links are closed, and all others have finished; return what they tell."""
        return [notice for output in (*outputs, *self._ending) for notice in self._finish(output)]

    def _finish(self, output: SupervisedWorker) -> list[Notice]:
        messages = self._last_messages(output)
        claim = self.claims.get(output.name)
        if claim and not _done(messages) and not output.timed_out and output.begin_last(clock.now()):
            messages += self._last_messages(output)
        return self._take_results(output, messages)

    def _take_results(self, output: SupervisedWorker, messages: list[Any]) -> list[Notice]:
        claim = self.claims.get(output.name)
        notices = [each for each in messages if isinstance(each, Notice)]
        statuses = [each for each in messages if isinstance(each, WorkerStatus)]
        for status in statuses:
            if isinstance(status.figures, OutputFigures):
                self.files += [Path(file) for file in status.figures.files]
        if claim and not _done(messages) and (sentence := claim.unfinished()):
            self.unfinished.append(sentence)
        return notices + [Notice(output.name, each.reason) for each in statuses if each.state == "failed"]

    @staticmethod
    def _last_messages(output: SupervisedWorker) -> list[Any]:
        output.stop(OUTPUT_FINISH_SECONDS)
        output.link.wait(1.0)  # until the reader thread has everything
        return output.link.receive()


def _done(messages: list[Any]) -> bool:
    return any(isinstance(each, WorkerStatus) and each.state == "done" for each in messages)
