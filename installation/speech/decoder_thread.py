"""The decoder thread: decodes finals in order and without loss, partials as far as there is time."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.core.worker_status import WorkerState
from installation.speech.interfaces import DecodingAbandoned, Recognizer
from installation.speech.transcriber import Hearing, TimedSegment, Transcriber

MAX_PENDING_FINALS = 64  # twelve minutes of speech
ALMOST_DONE = 0.9  # share of the last decoding's duration after which a pause lets the one in progress finish
CLOSE_SECONDS = 1.0  # that `close` waits for the decoding in progress


@dataclass(frozen=True)
class _Final:
    timed: TimedSegment


@dataclass(frozen=True)
class _Replacement:
    recognizer: Recognizer
    report_failure: Callable[[str], None]


@dataclass(frozen=True)
class _Partial:
    timed: TimedSegment
    purpose: Literal["advance", "partial", "speculate"]


_Job = _Final | SpeechRejected | _Replacement | _Partial


class DecoderThread:
    """Runs a Transcriber on its own thread, so that audio never waits for the recogniser.

    Finals have priority and keep their order. Of partials only the latest is kept. A pause that may end the utterance
    is decoded at once: if it turns out to be the end, the final is ready. Neither waits for a partial: the decoding of
    a partial, or of an earlier pause, is abandoned; by a pause, unless it is almost done.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        publish: Callable[[Transcription | SpeechRejected], None],
        hearing: Hearing | None = None,
    ) -> None:
        """Start loading the recogniser.

        Args:
            recognizer: Used by this thread alone from now on.
            publish: Takes the results, on the decoder thread.
            hearing: What is expected.
        """
        self.state: WorkerState = "starting"  # then running or failed
        self.reason = ""  # why the recogniser could not be loaded
        self.dropped_finals = 0  # since the queue was full
        self._transcriber, self._publish = Transcriber(recognizer, hearing), publish
        self._queue: deque[_Final | SpeechRejected | _Replacement] = deque()
        self._speculation: _Partial | None = None
        self._partial: _Partial | None = None
        self._wake = threading.Condition()
        self._closed = False
        self._job: _Job | None = None  # in progress
        self._job_began = 0.0
        self._abandon = False  # the job in progress
        recognizer.abandoned = self._is_abandoned
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="decoder", daemon=True)
        self._thread.start()

    # -- called by the pipeline -------------------------------------------------------------------------------------

    def decode_final(self, timed: TimedSegment) -> None:
        """Queue a complete utterance; its text or its rejection will be published."""
        self._enqueue(_Final(timed))

    def publish_rejection(self, rejection: SpeechRejected) -> None:
        """Publish a rejection in its turn, after the finals before it."""
        self._enqueue(rejection)

    def replace_recognizer(self, recognizer: Recognizer, report_failure: Callable[[str], None]) -> None:
        """Decode what is queued after this with another recogniser.

        If it does not load, the present one stays and `report_failure` takes the reason, on the decoder thread.
        """
        self._enqueue(_Replacement(recognizer, report_failure))

    def decode_partial(self, timed: TimedSegment, publish: bool = True) -> None:
        """Decode the beginning of an utterance. It replaces a partial that is not being decoded yet.

        Args:
            timed: All of the utterance so far.
            publish: False only feeds an incremental recogniser.
        """
        with self._wake:
            replaced = self._partial
            publish = publish or (replaced is not None and replaced.purpose == "partial")
            self._partial = _Partial(timed, "partial" if publish else "advance")
            self._wake.notify_all()

    def speculate(self, timed: TimedSegment) -> None:
        """Decode an utterance that may be complete."""
        with self._wake:
            self._speculation, self._partial = _Partial(timed, "speculate"), None
            if clock.now() - self._job_began < ALMOST_DONE * (self.decode_seconds or math.inf):
                self._supersede(timed)
            self._wake.notify_all()

    def cancel_speculation(self) -> None:
        """Skip a pending speculation: the utterance goes on."""
        with self._wake:
            self._speculation = None

    def set_context(self, lines: tuple[str, ...]) -> None:
        """Tell the recogniser which lines of a text are likely to be read next; it heeds them in the next utterance."""
        self._transcriber.recognizer.context = lines

    @property
    def recognizer(self) -> Recognizer:
        """The recogniser in use. Only its attributes may be read from other threads."""
        return self._transcriber.recognizer

    @property
    def rejected(self) -> int:
        """Finals that did not pass the hallucination filter."""
        return self._transcriber.rejected

    @property
    def decode_seconds(self) -> float:
        """Duration of the last decoding."""
        return self._transcriber.decode_seconds

    @property
    def pending_finals(self) -> int:
        """Queued results that are not published yet."""
        return len(self._queue)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        with self._wake:
            return not (self._job or self._queue or self._speculation or self._partial)

    def raise_failure(self) -> None:
        """Raise the exception that ended the thread, if there is one."""
        if self._error:
            raise self._error

    def close(self) -> None:
        """End the thread after the decoding in progress; pending work is discarded."""
        with self._wake:
            self._closed = self._abandon = True
            self._wake.notify_all()
        self._thread.join(CLOSE_SECONDS)

    def _enqueue(self, job: _Final | SpeechRejected | _Replacement) -> None:
        with self._wake:
            if len(self._queue) >= MAX_PENDING_FINALS:
                self.dropped_finals += 1
                return
            self._queue.append(job)
            self._speculation = self._partial = None
            if isinstance(job, _Final) and len(self._queue) == 1:
                self._supersede(job.timed)
            self._wake.notify_all()

    def _supersede(self, timed: TimedSegment) -> None:
        """Abandon a partial in progress, unless it is the speculation whose result this segment will have."""
        job = self._job
        if isinstance(job, _Partial):
            same = job.purpose == "speculate" and job.timed.segment.speech_key == timed.segment.speech_key
            self._abandon = self._abandon or not same

    def _is_abandoned(self) -> bool:
        """Whether the result of the job in progress is not needed any more."""
        return self._abandon

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._transcriber.recognizer.load()
        except ShowError as error:
            self.state, self.reason = "failed", str(error)
            self._queue.clear()
            return
        except DecodingAbandoned:
            return  # closed meanwhile
        self.state = "running"
        while (job := self._next()) is not None:
            try:
                self._do(job)
            except DecodingAbandoned:
                pass  # what replaces it is waiting
            except Exception as error:  # noqa: BLE001 - of a foreign library; the worker raises it, see `raise_failure`
                self._error = error
                return
            self._done(job)

    def _next(self) -> _Job | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closed or self._queue or self._speculation or self._partial)
            if self._closed:
                return None
            self._abandon, self._job_began = False, clock.now()
            if self._queue:
                self._job = self._queue[0]  # it counts as pending until it is published
            else:
                self._job = self._speculation or self._partial
                self._speculation = self._partial = None
            return self._job

    def _done(self, job: _Job) -> None:
        with self._wake:
            self._job = None
            if self._queue and self._queue[0] is job:
                self._queue.popleft()

    def _do(self, job: _Job) -> None:
        match job:
            case _Final(timed):
                self._publish(self._transcriber.final(timed))
            case SpeechRejected():
                self._publish(job)
            case _Replacement(recognizer, report_failure):
                self._replace(recognizer, report_failure)
            case _Partial(timed, "advance"):
                self._transcriber.advance(timed)
            case _Partial(timed, purpose):
                transcriber = self._transcriber
                partial = transcriber.speculate(timed) if purpose == "speculate" else transcriber.partial(timed)
                if partial:
                    self._publish(partial)

    def _replace(self, recognizer: Recognizer, report_failure: Callable[[str], None]) -> None:
        try:
            recognizer.load(self._transcriber.recognizer)
        except ShowError as error:
            report_failure(str(error))
            return
        recognizer.context = self._transcriber.recognizer.context
        recognizer.abandoned = self._is_abandoned
        self._transcriber.replace_recognizer(recognizer)
