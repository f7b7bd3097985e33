"""What is decoded once for a held picture is what each frame would decode by itself."""

from __future__ import annotations

import numpy as np
import torch

from installation.models.interfaces import Latents, ModelPlace
from installation.models.theatre import marks
from installation.models.theatre.decoded_classes import ClassWeights, class_weights, painted_classes
from installation.models.theatre.decoded_marks import painted_marks, second_kind, strengths
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import with_marks
from tests.models.theatre.conftest import CPU, scene, tensors


def test_classes_are_decoded_once_and_alike() -> None:
    point = scene(3, terrain="forest", subject="wolf")
    plain = ClassWeights(class_weights(tensors(point).classes))
    with torch.inference_mode():
        kept = painted_classes(point.classes.tobytes(), CPU)
        assert kept is painted_classes(point.classes.tobytes(), CPU)
        assert torch.equal(kept.values, plain.values)
        assert kept.present("terrain") == plain.present("terrain") == ["forest"]
        assert kept.has("terrain", "sea", "forest")
        assert not kept.has("terrain", "sea")
        assert torch.equal(kept.weight("terrain", "sea", "forest"), plain.weight("terrain", "sea", "forest"))


def test_marks_are_decoded_once_and_alike() -> None:
    z = with_marks(scene(3).z, ["two", "second fox", "huge figure"])
    with torch.inference_mode():
        kept = painted_marks(z[:, marks.FIRST :].tobytes(), CPU)
        assert strengths(kept) is strengths(kept)
        assert torch.equal(second_kind(kept), marks.second_kind(torch.from_numpy(z)))
        assert torch.equal(strengths(kept), marks.strength(marks.plain_values(torch.from_numpy(z))))


def test_a_frame_does_not_depend_on_the_frames_before_it(place: ModelPlace) -> None:
    painter, fresh = Theatre(place), Theatre(place)
    for each in (painter, fresh):
        each.set_stage(1.0, "scenes")
    first, second = scene(1, terrain="hills", subject="horse"), scene(2, terrain="city", sky="night")
    moved = Latents((first.z + np.float32(0.05)).astype(np.float32), first.classes)
    frames = [painter.paint(point, (90, 160), 1.5) for point in (first, second, moved, first)]
    assert np.array_equal(frames[3], frames[0])
    assert not np.array_equal(frames[2], frames[0])
    painted_classes.cache_clear()
    assert np.array_equal(frames[2], fresh.paint(moved, (90, 160), 1.5))
