from __future__ import annotations

import pytest
import torch

from installation.dream.cutouts import cutouts


def random(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def picture(side: int) -> torch.Tensor:
    return torch.rand(1, 3, side, side, generator=random(1))


def test_the_same_seed_gives_the_same_views_and_another_seed_others() -> None:
    views = cutouts(picture(48), 5, 32, random(2))
    assert torch.equal(views, cutouts(picture(48), 5, 32, random(2)))
    assert not torch.equal(views, cutouts(picture(48), 5, 32, random(3)))


def test_the_first_view_is_the_unchanged_picture_and_no_other_is() -> None:
    views = cutouts(picture(32), 4, 32, random(2))
    torch.testing.assert_close(views[0], picture(32)[0], atol=1e-5, rtol=0.0)
    assert all((view - picture(32)[0]).abs().mean() > 0.01 for view in views[1:])


def test_warped_views_are_turned_and_most_lack_a_part_but_the_first_does_not() -> None:
    bars = torch.zeros(1, 3, 64, 64)
    bars[..., ::8] = 1.0
    plain, warped = (cutouts(bars, 12, 64, random(4), each)[:, 0] for each in (False, True))
    torch.testing.assert_close(warped[0], bars[0, 0], atol=1e-4, rtol=0.0)
    vertical = [(views[:, 1:] - views[:, :-1]).abs().mean((1, 2)) for views in (plain, warped)]
    assert vertical[1][1:].median() > 2 * vertical[0][1:].median(), "upright bars are upright no more"
    grey = ((warped - float(bars.mean())).abs() < 0.15).float().mean((1, 2))
    assert int((grey[1:] > 0.1).sum()) >= 5


@pytest.mark.parametrize("warped", [False, True])
def test_every_view_is_finite_and_has_a_gradient(warped: bool) -> None:
    source = picture(32).requires_grad_(True)
    views = cutouts(source, 8, 32, random(6), warped)
    (gradient,) = torch.autograd.grad(views.sum(), source)
    assert views.isfinite().all()
    assert gradient.isfinite().all()
    assert gradient.abs().sum() > 0


def test_the_gradient_reaches_every_pixel() -> None:
    source = picture(32).requires_grad_(True)
    (gradient,) = torch.autograd.grad(cutouts(source, 6, 32, random(2)).sum(), source)
    assert (gradient > 0.5).all()


def test_views_keep_the_mean_colour_of_the_picture() -> None:
    colour = torch.tensor([0.8, 0.2, 0.1]).view(1, 3, 1, 1)
    means = cutouts(colour.expand(1, 3, 24, 24), 40, 24, random(5)).mean(dim=(0, 2, 3))
    torch.testing.assert_close(means, colour[0, :, 0, 0], atol=0.03, rtol=0.0)
