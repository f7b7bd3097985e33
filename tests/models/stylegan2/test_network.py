from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.testing import assert_allclose
from scipy.signal import upfirdn
from torch import Tensor

from installation.models.stylegan2.network import ModulatedConvolution, upfirdn2d


def random(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_upfirdn2d_enlarges_and_filters_as_scipy_does() -> None:
    features, line = random(2, 3, 5, 7), np.array([1.0, 3.0, 3.0, 1.0]) / 4.0
    kernel = torch.tensor(np.outer(line, line), dtype=torch.float32)
    expected = upfirdn(line, upfirdn(line, features.numpy(), up=2, axis=2), up=2, axis=3)
    # scipy's full convolution ends with the last sample, before the zeros that follow it
    assert_allclose(upfirdn2d(features, kernel, 2, (3, 2)), expected, atol=1e-6)
    assert_allclose(upfirdn2d(features, kernel, 2, (2, 1)), expected[:, :, 1:-1, 1:-1], atol=1e-6)


def test_modulated_features_are_what_modulated_and_demodulated_weights_give() -> None:
    """The formula of the paper: weights of each picture, scaled by its style and brought to unit length."""
    for enlarges in (False, True):
        convolution = ModulatedConvolution(6, 4, 3, 8, enlarges=enlarges)
        features, style = random(2, 6, 5, 5), random(2, 8, seed=2)
        with torch.no_grad():
            result = convolution(features, style)
            scales = convolution.modulation(style)
            for one in range(2):
                weight = convolution.weight[0] / (6 * 9) ** 0.5 * scales[one][None, :, None, None]
                weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
                if enlarges:
                    expected = F.conv_transpose2d(features[one : one + 1], weight.transpose(0, 1), stride=2)
                    expected = convolution.blur(expected)
                else:
                    expected = F.conv2d(features[one : one + 1], weight, padding=1)
                assert_allclose(result[one : one + 1], expected, atol=1e-5)
