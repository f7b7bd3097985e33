from __future__ import annotations

import torch

from installation.dream.cutouts import cutouts


def random(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_same_seed_cuts_the_same_views() -> None:
    picture = torch.rand(1, 3, 48, 48, generator=random(1))
    assert torch.equal(cutouts(picture, 5, 32, random(2)), cutouts(picture, 5, 32, random(2)))
    assert not torch.equal(cutouts(picture, 5, 32, random(2)), cutouts(picture, 5, 32, random(3)))


def test_the_first_view_is_the_whole_picture_and_the_others_differ_from_it() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=random(1))
    views = cutouts(picture, 4, 32, random(2))
    torch.testing.assert_close(views[0], picture[0], atol=1e-5, rtol=0.0)
    assert all((view - picture[0]).abs().mean() > 0.01 for view in views[1:])


def test_the_gradient_reaches_every_part_of_the_picture() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=random(1)).requires_grad_(True)
    cutouts(picture, 6, 32, random(2)).sum().backward()
    assert picture.grad is not None
    assert (picture.grad > 0.5).all()


def test_views_keep_the_colours_of_the_picture_but_for_a_little() -> None:
    picture = torch.tensor([0.8, 0.2, 0.1]).view(1, 3, 1, 1).expand(1, 3, 24, 24)
    means = cutouts(picture, 40, 24, random(5)).mean(dim=(0, 2, 3))
    torch.testing.assert_close(means, picture[0, :, 0, 0], atol=0.03, rtol=0.0)
