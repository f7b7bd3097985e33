"""What the operator is shown: the lines of the help layer, and the one at the foot of the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from installation.conductor.conductor import Conductor
from installation.core.messages import Notice, SpeechRejected, Transcription, Value
from installation.journal.writer import Journal
from installation.runtime.status import StatusMonitor
from installation.runtime.terminal import StatusLine
from installation.stage.stage import Stage

REPEAT_SECONDS = 60.0  # before a remark that comes again and again is made once more
MOST_REMARKS = 30  # of different ones in that time
WAKING = "The models are still waking; your words come as soon as they are awake."


class OperatorView:
    """Renewed once a second with the figures of that second, and at once when something changes that cannot wait."""

    def __init__(
        self,
        stage: Stage,
        status: StatusLine | None,
        conductor: Conductor,
        watch: StatusMonitor,
        journal: Journal | None,
    ) -> None:
        self._stage, self._status, self._conductor, self._watch = stage, status, conductor, watch
        self._journal = journal
        self._line = ""  # of the last second; "" before the first
        self._remarked: dict[str, float] = {}  # sentences, and when

    def tell(self, notice: Notice, now: float) -> None:
        """A sentence for the operator: on the help layer, in the terminal, in the journal."""
        self._write(notice, now)
        self._say(notice.text)

    def remark(self, notice: Notice, now: float) -> bool:
        """One that may come again and again, from a worker or a crowd: in the journal each time, seen once a minute.

        True if it is seen now.
        """
        self._write(notice, now)
        self._remarked = {text: at for text, at in self._remarked.items() if now < at + REPEAT_SECONDS}
        if notice.text in self._remarked or len(self._remarked) >= MOST_REMARKS:
            return False
        self._remarked[notice.text] = now
        self._say(notice.text)
        return True

    def overhear(self, message: Transcription | SpeechRejected) -> None:
        """What was heard of a recording, for its owner: in the terminal only, since no visitor has said it."""
        if self._status is None or (isinstance(message, Transcription) and not message.final):
            return
        if isinstance(message, SpeechRejected):
            self._status.say(f"not taken for words: {message.text or 'a sound'} ({message.reason.rstrip('.')})")
        else:
            self._status.say(" · ".join([f"heard: {message.text}", *self._reading()]))

    def _reading(self) -> list[str]:
        """How far a script that is followed has been read; nothing where none is."""
        values = self._conductor.values
        lines = values["script/lines"] if values["script/follow"] else 0
        return [f"line {values['script/line']} of {lines}"] if lines else []

    def renew(self, readings: Mapping[str, Value], now: float) -> None:
        """With the `status` readings of the last second."""
        words = self._conductor.values["prompt/current"] or f"({self._conductor.mode})"
        waiting = len(self._conductor.queued_prompts)
        words = f"{words} · {waiting} waiting" if waiting else words
        self._line = (
            f"{readings['status/fps']:.0f} frames/s shown, {readings['status/generated']:.0f} generated, "
            f"{readings['status/steps']:.0f} steps/s, step {readings['dream/step']} · {words}"
        )
        self.refresh(now)

    def refresh(self, now: float) -> None:
        """With the figures of the last second, and everything else as it is now."""
        if not self._line:
            return
        pending = self._conductor.pending_approvals
        more = [self._conductor.cue_status, f"waiting for approval: {pending}" if pending else ""]
        more = [each for each in [*more, *self._reading()] if each]
        final = self._conductor.values["speech/final"]
        heard = [f"heard last: {final}"] if final and self._reading() else []
        unheard = self._conductor.values["speech/unheard"]
        last = [f"the last sound that was not taken for words: {unheard}"] if unheard else []
        waking = [] if self._conductor.renderer_ready else [WAKING]
        self._stage.status([*waking, self._line, *more, *heard, *self._watch.lines(), *last])
        if self._status:
            self._status.show(" · ".join(each for each in (self._watch.ears, self._line, *more) if each), now)

    def _write(self, notice: Notice, now: float) -> None:
        if self._journal:
            self._journal.write(notice, now)

    def _say(self, text: str) -> None:
        self._stage.warn(text)
        if self._status:
            self._status.say(text)
