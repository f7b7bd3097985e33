"""A stage of paper before a backdrop that BigGAN paints: soft sky, light and far land, crisp figures and near land.

Both are painted from the same latents: a dream optimises BigGAN's own latents, and a walk crossfades them.
"""

from __future__ import annotations

from torch import Tensor

from installation.models.biggan.generator import BigGAN
from installation.models.interfaces import ABSENT, Latents, ModelPlace
from installation.models.theatre import marks
from installation.models.theatre.composition import paint_scene
from installation.models.theatre.decoded_latents import marks_celestial_body
from installation.models.theatre.generator import Theatre
from installation.models.theatre.planes import Staging
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import BACKDROP_GROUPS, GROUP_SLICES, GROUPS

BACKDROP_CLASSES = sum(len(group.labels) for group in BACKDROP_GROUPS)


class PaperStage(Theatre):
    """The theatre with a BigGAN for everything that stands far."""

    name = "paper-stage"

    def __init__(self, place: ModelPlace, backdrop: BigGAN) -> None:
        super().__init__(place)
        self._backdrop = backdrop

    def finish_loading(self) -> None:
        """Only what painting needs: there are no tapes."""
        self.finish_painting()

    def _repeats(self, latents: Latents[Tensor]) -> bool:
        """BigGAN's operations are few and large: nothing is gained by repeating them from a tape."""
        del latents
        return False

    def _picture(self, latents: Latents[Tensor], scene: Scene, staging: Staging | None) -> Tensor:
        z = latents.z.clone()
        z[:, marks.FIRST :] = 0.0  # BigGAN has seen noise alone there
        logits = latents.classes[:, :BACKDROP_CLASSES]
        unused = ["tint"]  # the theatre tints the whole picture
        if marks_celestial_body(scene):
            unused.append("celestial")  # which BigGAN knows alone and of one size
        for name in unused:
            logits = _neutral(logits, name)
        return paint_scene(scene, self._atlas, staging, self._backdrop.render_square(Latents(z, logits)))


def _neutral(logits: Tensor, name: str) -> Tensor:
    """The logits with the neutral class of a group alone."""
    changed = logits.clone()
    where = GROUP_SLICES[name]
    neutral = next(group.neutral for group in GROUPS if group.name == name)
    changed[:, where] = ABSENT
    changed[:, where.start + (neutral or 0)] = 0.0
    return changed
