from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.core.errors import ShowError
from installation.core.messages import Prompt
from installation.dream.latent_bank import LatentBank
from installation.dream.memory_budget import WORKSPACE_BYTES, step_memory
from installation.dream.session import DreamSession
from installation.models.fake import FakePerceptor
from installation.show.settings import DreamSettings
from tests.dream.conftest import session_of, small_biggan


def test_attract_points_are_pictures_of_the_bank_drawn_by_seed(fake_session: DreamSession) -> None:
    bank = fake_session.models.bank
    drawn = [fake_session.attract_point(seed).z for seed in range(20)]
    np.testing.assert_array_equal(drawn[3], fake_session.attract_point(3).z)
    entries = {int((bank.z.astype(np.float32) == z).all(axis=1).argmax()) for z in drawn}
    assert len(entries) > 1
    assert max(entries) < len(bank) // 8


def test_a_session_takes_as_many_cutouts_as_memory_holds_and_its_first_dream_reports_it(
    biggan_bank: LatentBank,
) -> None:
    generator, perceptor = small_biggan(), FakePerceptor()
    session = session_of(generator, perceptor, biggan_bank, DreamSettings(cutouts=64))
    memory = step_memory(generator, perceptor, None, torch.device("cpu"))
    session.limit_memory(memory.bytes(20))
    session.warm_up()
    first, second = (session.dream((Prompt(number, "a fox"),), 1, {}) for number in (1, 2))
    assert first.most_cutouts in (19, 20)
    assert "'small' and 'fake' need" in first.pop_notice()
    assert "need" not in second.pop_notice()


def test_a_session_without_memory_for_one_cutout_is_an_error(biggan_bank: LatentBank) -> None:
    session = session_of(small_biggan(), FakePerceptor(), biggan_bank)
    with pytest.raises(ShowError, match="too few for even one"):
        session.limit_memory(WORKSPACE_BYTES)


class CompilablePerceptor(FakePerceptor):
    """A compiler that does not help."""

    def compile(self, pictures: int) -> str:
        return f"No use for {pictures} pictures."


def test_a_perceptor_is_compiled_for_the_cutouts_of_a_slice_and_a_dream_tells_why_it_is_not(
    biggan_bank: LatentBank,
) -> None:
    for cutouts, told in ((64, 16), (8, 8)):
        session = session_of(small_biggan(), CompilablePerceptor(), biggan_bank, DreamSettings(cutouts=cutouts))
        session.compile()
        assert f"No use for {told} pictures." in session.dream((Prompt(1, "a fox"),), 1, {}).pop_notice()


def test_dreams_of_one_session_do_not_disturb_each_other(fake_session: DreamSession) -> None:
    def steps(*, disturbed: bool) -> list[bytes]:
        dream = fake_session.dream((Prompt(1, "a quiet evening"),), 1, {})
        other = fake_session.dream((Prompt(2, "snow"),), 2, {})
        shown = []
        for _ in range(40):
            dream.step()
            if disturbed:
                other.step()
            shown.append(dream.point().z.tobytes())
        return shown

    assert steps(disturbed=True) == steps(disturbed=False)
