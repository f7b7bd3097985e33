"""The triggers of the queue, the cues and the snapshots: from a name with a number in it to what is done."""

from __future__ import annotations

import math

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.cue_list import CueList
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import Urgency
from installation.conductor.show_clock import ShowClock
from installation.conductor.snapshots import Snapshots
from installation.core.errors import Rejected
from installation.core.messages import Trigger
from installation.core.params import Param, find_param, resolve


def fire_queue_trigger(intake: PromptIntake, active: ActivePrompt, message: Trigger, now: float) -> None:
    """Carry out a trigger of the queue. Raises Rejected."""
    row, number = _resolved(message.name)
    match row.name:
        case "queue/add":
            intake.submit(" ".join(map(str, message.args)), message.origin, now, Urgency.QUEUED)
        case "queue/skip":
            active.check_running()
            intake.show_next(now)
        case "queue/clear":
            intake.clear_queue()
        case "queue/approve" | "queue/reject":
            chosen = int(number_of(message, "the number of a prompt on hold")) if message.args else None
            intake.decide(row.name == "queue/approve", chosen, now)
        case "queue/{id}/approve":
            intake.decide(True, number, now)
        case "queue/{id}/reject":
            intake.reject(number)
        case "queue/{id}/remove":
            intake.remove(number)
        case "queue/{id}/text":
            intake.edit(number, " ".join(map(str, message.args)))
        case "queue/{id}/move":
            intake.move(number, int(number_of(message, "a place in the queue")))


def fire_cue_trigger(cues: CueList, clock: ShowClock, message: Trigger, now: float) -> None:
    """Carry out a trigger of a cue or of the playhead. Raises Rejected."""
    row, number = _resolved(message.name)
    match row.name:
        case "cue/{n}/start":
            cues.start(number, now, clock.at(now))
        case "cue/{n}/load":
            cues.stand_by(number, max(0.0, number_of(message, "a number of seconds")) if message.args else 0.0)
        case "playhead/next":
            cues.skip()
        case "playhead/previous":
            cues.back(now)
        case "playhead/{n}":
            cues.stand_by(number)


def fire_snapshot_trigger(snapshots: Snapshots, state: ParameterState, message: Trigger, now: float) -> None:
    """Carry out a trigger of a snapshot. Raises Rejected."""
    row, number = _resolved(message.name)
    match row.name:
        case "snapshot/{n}/store":
            snapshots.store(number)
        case "snapshot/{n}/name":
            snapshots.rename(number, " ".join(map(str, message.args)))
        case "snapshot/{n}/recall":
            seconds = number_of(message, "a number of seconds") if message.args else state.transition_seconds
            snapshots.recall(number, max(0.0, seconds), now)
        case "snapshot/morph":
            numbers = [float(each) for each in message.args if not isinstance(each, str) and math.isfinite(each)]
            if len(numbers) != 3 or len(message.args) != 3:
                raise Rejected("'snapshot/morph' takes two numbers of snapshots, and a position from 0 to 1.")
            snapshots.morph(int(numbers[0]), int(numbers[1]), numbers[2], now)


def number_of(message: Trigger, what: str) -> float:
    """The first argument of a trigger. Raises Rejected, naming `what` is expected, if it is not a number."""
    number = message.args[0] if message.args else ""
    if isinstance(number, str) or not math.isfinite(number):
        raise Rejected(f"'{message.name}' takes {what}.")
    return float(number)


def _resolved(name: str) -> tuple[Param, int]:
    """The row of a name, with the number in it. Raises Rejected if there is none."""
    return resolve(name) or (find_param(name), 0)
