"""The decoder's thread: finals in order and never lost, the rest as far as there is time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from installation.core.errors import ShowError
from installation.core.messages import SpeechRejected, Transcription
from installation.core.worker_status import WorkerState
from installation.speech.endpointing import Segment
from installation.speech.hallucination_filter import RecognizedSegment, refuse
from installation.speech.interfaces import HintedRecognizer, RecognizedText, Recognizer, SuccessorRecognizer
from installation.speech.local_agreement import LocalAgreement
from installation.text.disfluencies import remove_disfluencies

MOST_FINALS = 64  # that wait for the recogniser: twelve minutes of speech
REMEMBERED = 8  # accepted texts, against echoes


@dataclass(frozen=True)
class Spoken:
    """A segment and when it was said, seconds of clock.now."""

    segment: Segment
    began: float
    ended: float  # of its last voice


class _Successor(NamedTuple):
    recognizer: Recognizer
    failed: Callable[[str], None]


@dataclass(frozen=True)
class _Job:
    kind: str  # final, maybe (may become a final without another word), growing, fed, nothing (and why), exchange
    spoken: Spoken | None
    unheard: SpeechRejected | None = None
    successor: _Successor | None = None


class DecoderThread:
    """Decodes on a thread of its own. Nobody who gives it work ever waits.

    A pause's segment is decoded while nobody knows yet whether it is the end; if it was, the result is there. To a
    Follower a pause is nothing special: it is fed all the time, and the end leaves it little to do.
    """

    def __init__(
        self, recognizer: Recognizer, tell: Callable[[Transcription | SpeechRejected], None], language: str = "en"
    ) -> None:
        """`tell` is called on the decoder's thread. `language`: two letters, of what is said."""
        self.state: WorkerState = "starting"  # then running; failed if the recogniser cannot be loaded
        self.reason = ""  # why it failed
        self.seconds = 0.0  # that the last decoding took
        self.refused = 0  # finals that were not believed
        self.overflowed = 0  # finals for which there was no room
        self.name = recognizer.name
        self._recognizer, self._tell, self._language = recognizer, tell, language
        self._finals: deque[_Job] = deque()
        self._maybe: _Job | None = None  # only the latest counts
        self._growing: _Job | None = None
        self._known: tuple[tuple[int, int], RecognizedText] | None = None  # the last decoding of a pause's segment
        self._agreement, self._agreeing = LocalAgreement(), 0  # on the partials of which utterance
        self._said: deque[RecognizedSegment] = deque(maxlen=REMEMBERED)
        self._awake = threading.Condition()
        self._closed = False
        self._busy = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="decoder", daemon=True)
        self._thread.start()

    # -- called by the listener ------------------------------------------------------------------------------------

    def final(self, spoken: Spoken) -> None:
        """A whole piece of speech: its words, or why there are none, will be told."""
        self._queue(_Job("final", spoken))

    def nothing(self, unheard: SpeechRejected) -> None:
        """What was no speech after all, told in its turn."""
        self._queue(_Job("nothing", None, unheard))

    def exchange(self, recognizer: Recognizer, failed: Callable[[str], None]) -> None:
        """From what is said after this on another recogniser is asked, or `failed` hears why it cannot be loaded."""
        self._queue(_Job("exchange", None, successor=_Successor(recognizer, failed)))

    def maybe(self, spoken: Spoken) -> None:
        """A piece of speech that may be whole."""
        with self._awake:
            self._maybe, self._growing = _Job("maybe", spoken), None
            self._awake.notify_all()

    def growing(self, spoken: Spoken, aloud: bool = True) -> None:
        """A piece of speech that goes on; replaces one that has not been begun. `aloud`: its words are told."""
        with self._awake:
            waiting = self._growing
            aloud = aloud or (waiting is not None and waiting.kind == "growing")
            self._growing = _Job("growing" if aloud else "fed", spoken)
            self._awake.notify_all()

    def resumed(self) -> None:
        """The pause was not the end."""
        with self._awake:
            self._maybe = None

    @property
    def follows(self) -> bool:
        """Whether it is worth while to hand over speech as it comes, and not only when its words are wanted."""
        return isinstance(self._recognizer, HintedRecognizer)

    @property
    def waiting(self) -> int:
        """Finals that are not told yet."""
        return len(self._finals)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self._busy or self._finals or self._maybe or self._growing)

    def check(self) -> None:
        """Raises what the recogniser has raised; after that nothing is decoded any more."""
        if self._error:
            raise self._error

    def close(self, seconds: float = 1.0) -> None:
        """Ends it after the present decoding, for which it waits so long at most; what waits is given up."""
        with self._awake:
            self._closed = True
            self._awake.notify_all()
        self._thread.join(seconds)

    def _queue(self, job: _Job) -> None:
        with self._awake:
            if len(self._finals) >= MOST_FINALS:
                self.overflowed += 1
                return
            self._finals.append(job)
            self._maybe = self._growing = None
            self._awake.notify_all()

    # -- the thread ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._recognizer.warm()
        except ShowError as error:
            self.state, self.reason = "failed", str(error)
            self._finals.clear()
            return
        self.state = "running"
        while (job := self._next()) is not None:
            try:
                self._do(job)
            except Exception as error:  # noqa: BLE001 - of a foreign library: handed over to the process, see `check`
                self._error = error
                return
            with self._awake:
                self._busy = False
                if self._finals and self._finals[0] is job:
                    self._finals.popleft()

    def _next(self) -> _Job | None:
        with self._awake:
            self._awake.wait_for(lambda: self._closed or self._finals or self._maybe or self._growing)
            if self._closed:
                return None
            self._busy = True
            if self._finals:
                return self._finals[0]  # counted as waiting until it is told
            job = self._maybe or self._growing
            self._maybe = self._growing = None
            return job

    def _do(self, job: _Job) -> None:
        if job.successor is not None:
            self._succeed(*job.successor)
        elif job.spoken is None:
            if job.unheard:
                self._tell(job.unheard)
        elif job.kind == "final":
            self._finish(job.spoken)
        else:
            hearing = self._so_far(job.spoken.segment)
            if job.kind == "maybe" and not self.follows:
                self._known = (job.spoken.segment.key, hearing)
            if job.kind != "fed":
                self._partial(job.spoken, hearing)

    def _succeed(self, recognizer: Recognizer, failed: Callable[[str], None]) -> None:
        if isinstance(recognizer, SuccessorRecognizer):
            recognizer.inherit(self._recognizer)
        try:
            recognizer.warm()
        except ShowError as error:
            failed(str(error))
            return
        self._recognizer, self.name, self._known = recognizer, recognizer.name, None

    def _finish(self, spoken: Spoken) -> None:
        segment = spoken.segment
        known = self._known
        hearing = known[1] if known and known[0] == segment.key else self._whole(segment)
        reason = self._refusal(hearing, spoken, tuple(self._said))
        if reason:
            self.refused += 1
            self._tell(SpeechRejected(segment.utterance, hearing.text, reason))
            return
        self._said.append(RecognizedSegment(hearing.text, spoken.ended))
        text = remove_disfluencies(hearing.text, self._language)
        name = self._recognizer.name
        self._tell(Transcription(segment.utterance, text, True, len(text), spoken.began, spoken.ended, name))

    def _partial(self, spoken: Spoken, hearing: RecognizedText) -> None:
        segment = spoken.segment
        if self._refusal(hearing, spoken, ()):
            return
        if self._agreeing != segment.utterance:
            self._agreement, self._agreeing = LocalAgreement(), segment.utterance
        text, stable = self._agreement.add(hearing.text)
        self._tell(Transcription(segment.utterance, text, False, stable, spoken.began, 0.0, self._recognizer.name))

    def _refusal(self, hearing: RecognizedText, spoken: Spoken, recent: Sequence[RecognizedSegment]) -> str:
        segment = spoken.segment
        return refuse(hearing, segment.voice, segment.voice_seconds, recent, spoken.ended, language=self._language)

    def _so_far(self, segment: Segment) -> RecognizedText:
        recognizer = self._recognizer
        if isinstance(recognizer, HintedRecognizer):
            return self._timed(recognizer.follow(segment.utterance, segment.samples))
        return self._timed(recognizer.decode(segment.samples))

    def _whole(self, segment: Segment) -> RecognizedText:
        recognizer = self._recognizer
        if isinstance(recognizer, HintedRecognizer):
            return self._timed(recognizer.finish(segment.utterance, segment.samples))
        return self._timed(recognizer.decode(segment.samples))

    def _timed(self, hearing: RecognizedText) -> RecognizedText:
        self.seconds = hearing.seconds
        return hearing
