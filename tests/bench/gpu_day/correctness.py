"""Whether the fast path computes the same as the plain one; every figure has its limit beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.bench.model_pair import ModelPair
from installation.bench.timing import synchronise
from installation.dream.cutouts import cutouts
from installation.dream.schedule import Schedule
from installation.models.biggan.generator import BigGAN
from installation.models.cuda_graphs import CapturedGraph, Stream, fast_precision
from installation.models.interfaces import Latents, Point, slices
from tests.bench.gpu_day.stages import NEEDS_CUDA, Day
from tests.bench.gpu_day.workplace import (
    SEED,
    folded,
    library_of,
    optimizer_of,
    pair_of,
    perceptor_on_cpu,
    target_of,
    tensors,
    whole_step,
)

FRAMES, QUICK_FRAMES = 200, 3
PICTURES, QUICK_PICTURES = 4, 1
STEPS = 4
CUTOUTS, QUICK_CUTOUTS = 16, 2
BLACK = 1  # an image without a brighter byte is black
LONG_PROMPT = 9  # texts

FOLDED_ERROR = 1e-3  # of pictures in 0..1
FOLDED_GRADIENT = 0.999  # cosine
HALF_LEVELS = 4.0  # mean difference in levels of 255
HALF_COSINE = 0.98  # of embeddings
HALF_GRADIENT = 0.9  # cosine
GRAPH_DRIFT = 0.2  # difference of the ways of z, as a share: Adam takes the signs of the smallest gradients, too


def check_correctness(day: Day) -> None:
    """Report each check as soon as it is done."""
    pair = pair_of(day)
    check_folding(day, pair)
    checks: dict[str, Callable[[Day, ModelPair], dict[str, Any]]] = {
        "stream_order": check_stream_order,
        "randomness": check_randomness,
        "slices_vs_whole": check_slices,
        "long_prompt_keeps_graphs": check_long_prompt,
        "no_black_frame": check_frames,
    }
    for name, check in checks.items():
        day.report(name, check(day, pair))


def check_folding(day: Day, pair: ModelPair) -> None:
    """Compare folded float32 with the library in float64, then half precision with float32."""
    library = library_of(day)
    full = folded(day, library, torch.float32)
    half = folded(day, library, half_precision(day))
    point = full.sample(QUICK_PICTURES if day.quick else PICTURES, SEED)
    exact, exact_gradient = exact_picture(day, full, library.double().to(day.device), point)
    ours, ours_gradient = picture_and_gradient(full, tensors(point, day.device))
    error = float((ours.double() - exact).abs().max())
    day.report("folded_vs_library", at_most("largest_error", error, FOLDED_ERROR))
    day.report("folded_gradient", at_least("cosine", cosine(ours_gradient, exact_gradient), FOLDED_GRADIENT))
    rough, rough_gradient = picture_and_gradient(half, tensors(point, day.device))
    levels = 255.0 * float((rough - ours).abs().mean())
    day.report("half_pictures", {**at_most("mean_levels", levels, HALF_LEVELS), "precision": half.precision})
    day.report("half_gradient", at_least("cosine", cosine(rough_gradient, ours_gradient), HALF_GRADIENT))
    day.report("half_embeddings", at_least("cosine", embedding_cosine(day, pair, rough, ours), HALF_COSINE))


def half_precision(day: Day) -> torch.dtype:
    """The precision of feature maps on the device; bfloat16 where a CPU has no instructions for it, to check it."""
    precision = fast_precision(torch.device(day.device))
    return torch.bfloat16 if precision == torch.float32 else precision


def exact_picture(day: Day, full: BigGAN, library: Any, point: Point) -> tuple[Tensor, Tensor]:
    """Pictures of the library in float64, and the gradient of z."""
    latents = tensors(point, day.device, torch.float64)
    z = latents.z.requires_grad_(True)
    weights = torch.cat([latents.classes[:, columns].softmax(1) for columns in slices(full.groups)], 1)
    pictures = library(z, weights, 1.0).add(1.0).mul(0.5)
    return pictures.detach(), gradient_of(pictures, z)


def picture_and_gradient(generator: BigGAN, latents: Latents[Tensor]) -> tuple[Tensor, Tensor]:
    """Pictures of the folded generator, and the gradient of z."""
    z = latents.z.requires_grad_(True)
    pictures = generator.render(Latents(z, latents.classes))
    return pictures.detach().float(), gradient_of(pictures, z)


def gradient_of(pictures: Tensor, z: Tensor) -> Tensor:
    """The gradient of z of a weighted sum over the pictures; the weights are smooth, as a perceptor's are."""
    random = torch.Generator().manual_seed(SEED)
    coarse = torch.randn(1, 3, 8, 8, generator=random).to(pictures.device, pictures.dtype)
    weights = F.interpolate(coarse, pictures.shape[2:], mode="bilinear")
    (gradient,) = torch.autograd.grad((pictures * weights).mean(), z)
    return gradient


def embedding_cosine(day: Day, pair: ModelPair, rough: Tensor, ours: Tensor) -> float:
    """The least cosine of the device's embeddings of rough pictures and float32 embeddings of exact ones."""
    exact = perceptor_on_cpu(day)
    with torch.inference_mode():
        fast = pair.perceptor.embed_image(rough).cpu()
        rows = exact.embed_image(ours.cpu())
    return float(F.cosine_similarity(fast, rows).min())


def check_stream_order(day: Day, pair: ModelPair) -> dict[str, Any]:
    """Work of a stream waits for work that was queued outside of it."""
    del pair
    if not day.on_cuda:
        return NEEDS_CUDA
    stream, late = Stream(torch.device(day.device)), torch.zeros(1 << 20, device=day.device)
    stream.finish()
    torch.cuda._sleep(200_000_000)  # type: ignore[no-untyped-call]
    late.fill_(3.0)
    with stream.work():
        total = late.sum()
    stream.finish()
    return {"holds": float(total) == 3.0 * (1 << 20)}


def check_randomness(day: Day, pair: ModelPair) -> dict[str, Any]:
    """Cutouts differ from one replay to the next, and repeat after the same seed."""
    random, stream = torch.Generator(day.device), Stream(torch.device(day.device))
    picture = torch.rand(1, 3, 64, 64, device=day.device)
    graph = CapturedGraph(lambda: cutouts(picture, 4, pair.perceptor.input_size, random), random)
    graph.warm_up(stream)
    graph.capture(stream)
    synchronise(day.device)
    views = []
    for seed in (SEED, None, SEED):
        if seed is not None:
            random.manual_seed(seed)
        views.append(graph().clone())
    first, second, again = views
    differ, repeat = not torch.equal(first, second), torch.equal(first, again)
    return {"differ": differ, "repeat": repeat, "holds": differ and repeat, "captured": day.on_cuda}


def check_slices(day: Day, pair: ModelPair) -> dict[str, Any]:
    """Captured slices move z along the way of whole eager steps with the same seed; on a CPU slices alone do."""
    start, count = tensors(pair.start, day.device), cutouts_of(day)
    ways = []
    for captured in (False, True):
        optimizer, target, schedule = optimizer_of(pair), target_of(pair, 1), Schedule()
        if captured:
            optimizer.capture(target, schedule, count)
            optimizer.reset(start, SEED)
        for _ in range(STEPS):
            whole_step(optimizer, target, count)
        synchronise(day.device)
        ways.append(optimizer.z.clone() - start.z)
    eager, replayed = ways
    return at_most("share_of_way", float((replayed - eager).norm() / eager.norm()), GRAPH_DRIFT)


def check_long_prompt(day: Day, pair: ModelPair) -> dict[str, Any]:
    """A prompt of many texts is optimised by the graphs that were captured for one text."""
    if not day.on_cuda:
        return NEEDS_CUDA
    optimizer, schedule, count = optimizer_of(pair), Schedule(), cutouts_of(day)
    optimizer.capture(target_of(pair, 1), schedule, count)
    replays: dict[str, int] = {}
    for texts in (1, LONG_PROMPT, 1):
        optimizer.reset(tensors(pair.start, day.device), SEED)
        replay = torch.cuda.CUDAGraph.replay
        with patch.object(torch.cuda.CUDAGraph, "replay", autospec=True, side_effect=replay) as counted:
            whole_step(optimizer, target_of(pair, texts), count)
        replays[f"{len(replays)}: {texts} texts"] = counted.call_count
    synchronise(day.device)
    return {"replays": replays, "holds": len(set(replays.values())) == 1 and min(replays.values()) > 0}


def check_frames(day: Day, pair: ModelPair) -> dict[str, Any]:
    """Frames of random latents: none is black, and none made the generator leave its precision (NaN, overflow)."""
    generator = pair.generator
    count, before = (QUICK_FRAMES if day.quick else FRAMES), pair.precision
    points = generator.sample(count, SEED)
    pictures = [generator.paint(points[index : index + 1]) for index in range(count)]
    black = sum(int(picture.max()) < BLACK for picture in pictures)
    flat = sum(float(np.std(picture)) < 1.0 for picture in pictures)
    kept = pair.precision == before
    return {"frames": count, "black": black, "flat": flat, "kept_precision": kept, "holds": kept and not black}


def cutouts_of(day: Day) -> int:
    """Cutouts of a step."""
    return QUICK_CUTOUTS if day.quick else CUTOUTS


def cosine(a: Tensor, b: Tensor) -> float:
    """The least cosine of rows."""
    return float(F.cosine_similarity(a.double(), b.double()).min())


def at_most(name: str, value: float, limit: float) -> dict[str, Any]:
    """A figure that holds up to its limit; NaN does not."""
    return {name: value, "limit": limit, "holds": value <= limit}


def at_least(name: str, value: float, limit: float) -> dict[str, Any]:
    """A figure that holds from its limit on; NaN does not."""
    return {name: value, "limit": limit, "holds": value >= limit}
