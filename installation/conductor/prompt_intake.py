"""How words come onto the stage: moderated, held for approval, at once or in their turn."""

from __future__ import annotations

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.approval_queue import ApprovalQueue
from installation.conductor.moderation import Moderation
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_queue import PromptQueue, QueuedPrompt
from installation.core.errors import Rejected
from installation.show.settings import Show

PREPARED = ("cue", "script", "say", "text")  # sources that nobody need moderate


class PromptIntake:
    """Everything between somebody's words and the stage."""

    def __init__(self, show: Show, staging: ActivePrompt) -> None:
        rules = show.moderation
        self.lineup = PromptQueue(show.queue.limit)
        self.approvals = ApprovalQueue(show.queue.limit)
        self.holds = rules.hold
        self._moderation = Moderation(rules.refused_words, rules.max_characters, rules.words_per_minute)
        self._staging = staging

    def admit(self, waiting: QueuedPrompt, now: float) -> None:
        """Words of people: moderated, where the show asks for it. Raises Refusal."""
        prompt = waiting.prompt
        if prompt.source not in PREPARED:
            self.moderate(prompt.text, prompt.source, now)
            if self.holds:
                self.approvals.hold(waiting)
                return
        self._take_in(waiting, now)

    def moderate(self, text: str, source: str, now: float) -> None:
        """Raises Refusal for words that may not be shown, and counts those that may."""
        self._moderation.admit(text, source, now)

    def acceptable(self, text: str) -> bool:
        """Whether words that are only begun may be shown; their end is refused aloud."""
        try:
            self._moderation.check(text)
        except Rejected:
            return False
        return not self.holds

    def decide(self, approved: bool, number: int | None, now: float) -> None:
        """The operator's word on what waits under that number; None: on the oldest. Raises Refusal."""
        number, waiting = self.approvals.meant(number)
        if approved:
            self._take_in(waiting, now)
        self.approvals.forget(number)

    def say_now(self, waiting: QueuedPrompt, now: float) -> None:
        """To the stage at once, or as soon as the words before have been seen. Raises Refusal."""
        if self._staging.free(now) and not self.lineup.said:
            self._staging.take(waiting, now)
        else:
            self.lineup.say(waiting)

    def advance(self, now: float, seconds: float, hold: bool) -> bool:
        """Words whose time has come take the stage; `seconds`: what words in turn leave each other."""
        staging, lineup = self._staging, self.lineup
        if lineup.said and staging.free(now):
            staging.take(lineup.said.popleft(), now)
            return True
        over = not staging.direction.prompts or (not staging.unseen() and staging.had(seconds, now))
        if lineup.queued and staging.ready and not hold and over:
            staging.take(lineup.queued.popleft(), now)
            return True
        return False

    def clear(self) -> None:
        """Nobody's words wait any more."""
        self.lineup.clear()
        self.approvals.clear()

    def tell(self, board: ParameterState) -> None:
        """The readings of what waits."""
        board.tell("queue/length", len(self.lineup.waiting))
        board.tell("queue/pending", len(self.approvals))
        board.tell("queue/pending/id", self.approvals.oldest)
        board.tell("queue/pending/words", self.approvals.words)
        board.tell("queue/pending/list", self.approvals.listing)

    def _take_in(self, waiting: QueuedPrompt, now: float) -> None:
        if waiting.in_turn:
            self.lineup.add(waiting)
        else:
            self.say_now(waiting, now)
