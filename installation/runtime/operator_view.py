"""What the operator sees: the status lines of the help overlay, and the status line of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from installation.conductor.conductor import Conductor
from installation.core.messages import Notice, Value
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.journal.writer import Journal
from installation.runtime.status import StatusMonitor
from installation.runtime.terminal import StatusLine
from installation.stage.stage import Stage

REPEAT_SECONDS = 60.0  # before a repeated notice is shown again
MAX_NOTICES = 30  # different ones within that time
LOADING = "The models are loading; your words appear as soon as they are ready."


class OperatorView:
    """Updated once per second, and at once when something urgent changes."""

    def __init__(
        self,
        stage: Stage,
        status: StatusLine | None,
        conductor: Conductor,
        monitor: StatusMonitor,
        journal: Journal | None,
        publish: Callable[[Notice], None],
    ) -> None:
        """`publish` passes a notice on to the control surfaces."""
        self._stage, self._status, self._conductor, self._monitor = stage, status, conductor, monitor
        self._journal, self._publish = journal, publish
        self._line = ""  # the figures of the last second; "" before the first
        self._recent: dict[str, float] = {}  # when each notice was last shown

    def notify(self, notice: Notice, now: float) -> None:
        """Show a notice in the help overlay and the terminal, and write it to the journal."""
        self._write(notice, now)
        self._show(notice)

    def notify_limited(self, notice: Notice, now: float) -> bool:
        """Show a notice that may repeat: it is journaled each time, but shown once a minute.

        Returns whether it is shown now.
        """
        self._write(notice, now)
        self._recent = {text: at for text, at in self._recent.items() if now < at + REPEAT_SECONDS}
        if notice.text in self._recent or len(self._recent) >= MAX_NOTICES:
            return False
        self._recent[notice.text] = now
        self._show(notice)
        return True

    def print_speech(self, message: Transcription | SpeechRejected) -> None:
        """Print what was recognised in a recording to the terminal."""
        if self._status is None or (isinstance(message, Transcription) and not message.final):
            return
        if isinstance(message, SpeechRejected):
            self._status.print(f"rejected: {message.text or 'a sound'} ({message.reason.rstrip('.')})")
        else:
            self._status.print(" · ".join([f"heard: {message.text}", *self._script_line()]))

    def _script_line(self) -> list[str]:
        """The position in the script, if one is followed."""
        values = self._conductor.values
        lines = values["script/lines"] if values["script/follow"] else 0
        return [f"line {values['script/line']} of {lines}"] if lines else []

    def _next_line(self) -> list[str]:
        """The line of the script that is expected next."""
        text = self._conductor.values["script/next/text"]
        return [f"next line: {text}"] if text else []

    def update(self, readings: Mapping[str, Value], now: float) -> None:
        """Update with the `status` readings of the last second."""
        shown = str(self._conductor.values["prompt/current"])
        mode = self._conductor.mode
        state = f"({mode})" if not shown or mode == "paused" else ""
        waiting = len(self._conductor.queued_prompts)
        parts = (shown, state, f"{waiting} waiting" if waiting else "")
        words = " · ".join(part for part in parts if part)
        self._line = (
            f"{readings['status/fps']:.0f} frames/s shown, {readings['status/generated']:.0f} generated, "
            f"{readings['status/steps']:.0f} steps/s, step {readings['dream/step']} · {words}"
        )
        self.refresh(now)

    def refresh(self, now: float) -> None:
        """Update with the figures of the last second and the current state of everything else."""
        if not self._line:
            return
        pending = self._conductor.pending_approvals
        more = [self._conductor.cue_status, f"waiting for approval: {pending}" if pending else ""]
        more = [each for each in [*more, *self._script_line(), *self._next_line()] if each]
        final = self._conductor.values["speech/final"]
        heard = [f"last heard: {final}"] if final and self._script_line() else []
        unheard = self._conductor.values["speech/unheard"]
        last = [f"last rejected sound: {unheard}"] if unheard else []
        loading = [] if self._conductor.renderer_ready else [LOADING]
        self._stage.set_status([*loading, self._line, *more, *heard, *self._monitor.lines(), *last])
        if self._status:
            self._status.show(
                " · ".join(each for each in (self._monitor.speech_summary, self._line, *more) if each), now
            )

    def _write(self, notice: Notice, now: float) -> None:
        if self._journal:
            self._journal.write(notice, now)

    def _show(self, notice: Notice) -> None:
        self._stage.add_notice(notice.text)
        self._publish(notice)
        if self._status:
            self._status.print(notice.text)
