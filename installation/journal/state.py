"""What a replay needs to start in the middle of a performance: every file of a journal but the first begins with it."""

from __future__ import annotations

from installation.core.messages import Array, Direction, FrameReady, Modulation, SetParam, Trigger
from installation.journal.codec import JournalState, Message, RendererStarted, StageCommand

MAX_DIRECTIONS = 100  # that no frame follows yet; a renderer that is loading may be sent many


class StateTracker:
    """Follows the messages of a performance."""

    def __init__(self) -> None:
        self.latents: tuple[Array, Array] | None = None  # on screen: z and class logits
        self._directions: list[Direction] = []  # the one that the frames follow, and those sent since
        self._stage: dict[str, StageCommand] = {}  # in the order in which they were given

    @property
    def state(self) -> JournalState:
        """The state after the messages so far."""
        return JournalState(self.latents, tuple(self._directions), tuple(self._stage.values()))

    def note(self, message: Message) -> None:
        """Take a message of the journal."""
        match message:
            case RendererStarted(latents, direction):
                self.latents = latents
                self._directions = [direction] if direction else []
            case Direction():
                self._directions.append(message)
                del self._directions[1 : len(self._directions) - MAX_DIRECTIONS + 1]
            case FrameReady(direction=number):
                while len(self._directions) > 1 and self._directions[0].number < number:
                    del self._directions[0]
            case StageCommand(SetParam(name)):
                self._note_stage(f"set {name}", message)
            case StageCommand(Modulation()):
                self._note_stage("sound", message)
            case StageCommand(Trigger(name)):
                self._note_stage(name, message)

    def _note_stage(self, key: str, command: StageCommand) -> None:
        self._stage.pop(key, None)
        self._stage[key] = command
