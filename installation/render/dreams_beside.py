"""What a render loop does with dreams that go on in a process of their own (see `dream_process`).

Before each frame it takes over the pieces that are done. Where the frame changes what the dream is done with (its
prompts, parameters, cutouts), it waits for the piece in flight before, so that a replay can do the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from installation.core import clock
from installation.models.capabilities import Truncatable
from installation.render.dream_process import DreamProcess, RemoteDream
from installation.render.frame_budget import FrameBudget
from installation.render.renderer import Renderer


class Work(NamedTuple):
    """What was taken over: pieces of dream work, and how many of them were optimisation steps."""

    pieces: int
    steps: int


class DreamsBeside:
    """The dreams of one renderer, in a process."""

    def __init__(self, process: DreamProcess, renderer: Renderer, budget: FrameBudget) -> None:
        self.process = process
        self._renderer, self._budget = renderer, budget
        process.generator, process.meanwhile = renderer.generator, renderer.prepare_comparison
        self._steered = False  # the frame that is being drawn changes what the dream is done with

    def begin_frame(self, directed: bool, added: Mapping[str, float]) -> Work:
        """Take over what is done.

        Args:
            directed: Whether a Direction is applied next.
            added: What sound adds in the next frame.
        """
        self._steered = self._renderer.steers_dream(added, self._budget.cutouts)
        if directed or self._steered:
            self.process.hold()
        return self._take_over()

    def directed(self) -> None:
        """Go on, after Directions and sound were applied, while the frame is painted."""
        if not self._steered:
            self._run()

    def frame_done(self) -> None:
        """Take the cutouts and the truncation of the frame, and go on."""
        if self._steered or not self.process.running:
            self._renderer.set_cutouts(self._budget.cutouts)
            if isinstance(self._renderer.generator, Truncatable):
                self.process.set_truncation(self._renderer.truncation)
        self._run()

    def pause(self) -> Work:
        """Take over what is done, and do nothing until the next frame."""
        self.process.hold()
        return self._take_over()

    def _run(self) -> None:
        """Go on, if the renderer shows a dream that goes on."""
        renderer = self._renderer
        if isinstance(renderer.dream, RemoteDream) and renderer.dreaming and not renderer.macros.searching:
            self.process.run()
        else:
            self.process.hold()

    def _take_over(self) -> Work:
        pieces = steps = 0
        dream = self._renderer.dream
        while isinstance(dream, RemoteDream) and self.process.ready:
            optimised = self._renderer.step_dream(dream)
            self._budget.piece_done_beside(dream.seconds, clock.now(), optimised)
            pieces, steps = pieces + 1, steps + optimised
        if self._renderer.most_cutouts < self._budget.most_cutouts:
            self._budget.limit_cutouts(self._renderer.most_cutouts)
        return Work(pieces, steps)
