"""The kernels in Triton's interpreter, in a process of their own: it must be chosen before Triton is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.conftest import require_system

SCRIPT = """
import torch
from installation.models.biggan.folded import Variant, _affine_relu
from installation.models.biggan.fused_affine import affine_relu
from installation.models.biggan.generator import BigGAN
from installation.models.interfaces import Group, Latents
from tests.models.conftest import calibrated_library

def grads(function, tensors, weights):
    y = function(tensors[0] * 1.0, tuple(tensors[1:]))
    return [y.detach(), *torch.autograd.grad((y * weights).sum(), tensors)]

random = torch.Generator().manual_seed(1)
for dtype, close in ((torch.float32, 1e-4), (torch.bfloat16, 0.05)):
    for shape in ((2, 70, 5, 3), (1, 8, 24, 24)):
        x = torch.randn(shape, generator=random).to(dtype)
        affine = [torch.randn(shape[0], shape[1], 1, 1, generator=random).to(dtype) for _ in range(2)]
        weights = torch.randn(shape, generator=random).to(dtype)
        tensors = [each.requires_grad_() for each in (x, *affine)]
        for plain, fused in zip(grads(_affine_relu, tensors, weights), grads(affine_relu, tensors, weights)):
            torch.testing.assert_close(fused, plain, atol=close * float(plain.abs().max()), rtol=close)

library, groups = calibrated_library(1), (Group("class", tuple("abcdefghij")),)
generator = BigGAN("small", library, groups)
point = generator.sample(1, 3)
results = []
for variant in (Variant(), Variant(True, True, True)):
    generator._network.set_variant(variant)
    z = torch.from_numpy(point.z).requires_grad_()
    picture = generator.render(Latents(z, torch.from_numpy(point.classes)))
    pattern = torch.linspace(0.0, 1.0, picture.numel()).view_as(picture)
    results.append((picture.detach(), *torch.autograd.grad((picture * pattern).sum(), z)))
(plain, slope), (changed, other) = results
assert float((plain - changed).abs().max()) < 1e-4, float((plain - changed).abs().max())
assert float(torch.nn.functional.cosine_similarity(slope, other)) > 0.9999
print("equal")
"""


@pytest.mark.slow
def test_the_fused_kernels_and_the_other_variants_compute_what_the_plain_ones_do() -> None:
    require_system(find_spec("triton"), "Triton is missing: torch brings it on Linux")
    environment = {**os.environ, "TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("equal", 0), done.stderr
