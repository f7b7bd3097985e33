"""The strips of the theatre's README: `python -m tests.bench.paper_strips` shows one property of its pictures in each;
names of strips (`... paper_strips camera light`) make these alone.

Scenes are chosen by their classes and z, not by words, so that nothing but the property differs from picture to
picture. Each strip is a JPEG of 50 to 170 kB in `assets/readme`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pygame
from PIL import Image

from installation.models import default_place, load_generator
from installation.models.interfaces import Latents, Picture, Point
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import Z, scene_classes
from installation.render.latent_walk import geometry_of, interpolate
from installation.stage.overlay.captions import Captions
from installation.stage.text.typesetter import Typesetter
from installation.training.openings import opening_points
from tests.bench.dreaming import load_session
from tests.bench.picture_sheets import answer
from tests.running import ROOT

FOLDER = ROOT / "assets" / "readme"
SIZE, GAP = (252, 448), 6  # height and width of a picture; pixels between two
CHANGE_SIZE = (140, 248)
SAID_SIZE = (360, 640)
SEED, QUALITY = 5, 84
SHOT = {"wide": -2.0, "medium": 0.0, "close": 2.0}
STANDING = {Z.FIGURES_X: 0.6, Z.SUBJECT_SIZE: 1.2, Z.CELESTIAL_X: -0.6}
PAPERS = (  # subject, sky, terrain
    *(("mermaid", "dusk", "sea"), ("queen", "morning", "hills"), ("giraffe", "golden hour", "desert")),
    *(("squirrel", "morning", "forest"), ("water mill", "noon", "river"), ("balcony", "blue hour", "city")),
)
GESTURE_SKIES = ("golden hour", "morning", "dusk", "sunset", "dawn", "winter")
SAID = (0.35, 0.8, 1.5, 4.0)  # seconds after the first word
CHANGED = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # of the way from one scene to the next
FILMED = (26.0, 30.0, 34.0)  # seconds, of one move of the camera
PLACED = (
    *("three white swans", "a huge moon over a tiny house", "a cat on a roof", "a bear behind a tree"),
    *("two red boats", "a bird in a cage", "a burning house", "six fish"),
)
STAGED = (  # sky, terrain, subject, weather
    *(("dusk", "lake", "swan", "clear"), ("noon", "hills", "house", "clouds"), ("night", "city", "train", "rain")),
    ("sunset", "desert", "camel", "clear"),
)
OPENED = (0.0, 0.12, 0.25, 0.6, 0.8, 1.0)  # of the way from the opening to the first scene


def scene(z: dict[int, float] | None = None, **classes: str) -> Point:
    """A scene of these classes; `z` sets single dimensions."""
    values = 0.6 * np.random.default_rng(SEED).standard_normal((1, 96)).astype(np.float32)
    values[:, max(Z.CAMERA) + 1 :] = 0.0
    for index, value in (z or {}).items():
        values[0, index] = value
    return Latents(values, scene_classes(**classes))


def strip(pictures: Sequence[Picture], columns: int) -> Image.Image:
    """Pictures in rows of so many."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP), (18, 18, 20))
    for index, picture in enumerate(pictures):
        place = (index % columns * (width + GAP), index // columns * (height + GAP))
        sheet.paste(Image.fromarray(picture), place)
    return sheet


def paper(theatre: Theatre) -> Iterator[Picture]:
    """Figures of folded paper."""
    for labels in (
        {"sky": "dusk", "terrain": "lake", "subject": "couple", "celestial": "moon"},
        {"sky": "night", "terrain": "city", "subject": "train", "weather": "rain"},
        {"sky": "golden hour", "terrain": "hills", "subject": "horse", "subject_colour": "red", "celestial": "sun"},
        {"sky": "winter", "terrain": "hills", "subject": "child", "companion": "dog", "weather": "snow"},
    ):
        yield theatre.paint(scene({Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 0.8}, **labels), SIZE, 30.0)


def camera(theatre: Theatre) -> Iterator[Picture]:
    """Three scenes, each at three moments of a move."""
    for labels in (
        {"sky": "dusk", "terrain": "mountains", "subject": "wolf", "celestial": "moon"},
        {"sky": "sunset", "terrain": "room", "subject": "cat"},
        {"sky": "blue hour", "terrain": "cave", "subject": "dragon"},
    ):
        for seconds in FILMED:
            yield theatre.paint(scene({Z.CELESTIAL_X: 0.6, Z.FIGURES_X: -0.6}, **labels), SIZE, seconds)


def scene_change(theatre: Theatre) -> Iterator[Picture]:
    """Two changes of scene."""
    z = {Z.CELESTIAL_X: 0.4, Z.FIGURES_X: -0.6}
    for before, after in (
        (
            scene(z, sky="dusk", terrain="mountains", subject="wolf", celestial="moon"),
            scene(z, sky="night", terrain="sea", subject="boat", celestial="moon"),
        ),
        (
            scene(z, sky="sunset", terrain="room", subject="cat"),
            scene(z, sky="morning", terrain="jungle", subject="parrot"),
        ),
    ):
        for way in CHANGED:
            point = interpolate(before, after, way, theatre.groups, geometry_of(theatre))
            yield theatre.paint(point, CHANGE_SIZE, 30.0 + 2 * way)


def placed(_: Theatre) -> Iterator[Picture]:
    """Prompts with numbers, sizes and places."""
    session = load_session("theatre")
    for text in PLACED:
        yield np.asarray(Image.fromarray(answer(session, text)[0]).resize(SIZE[::-1], Image.Resampling.LANCZOS))


def stages(theatre: Theatre) -> Iterator[Picture]:
    """Scenes by the theatre, and below them by the paper stage, with the same latents."""
    stage = load_generator("paper-stage", default_place())
    z = {Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 0.8}
    points = [
        scene(z, sky=sky, terrain=terrain, subject=subject, weather=weather)
        for sky, terrain, subject, weather in STAGED
    ]
    for generator in (theatre, stage):
        for point in points:
            yield generator.paint(point, SIZE, 30.0)


def shots(theatre: Theatre) -> Iterator[Picture]:
    """The same scene as a wide, a medium and a close shot."""
    for size in SHOT.values():
        z = {Z.SUBJECT_SIZE: size, Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 1.0}
        yield theatre.paint(scene(z, sky="dusk", terrain="hills", subject="fox", celestial="moon"), SIZE, 30.0)


def light(theatre: Theatre) -> Iterator[Picture]:
    """The sun at the left, high, and at the right: facets, rims, shadows and reflections follow."""
    for terrain, subject in (("desert", "camel"), ("lake", "swan")):
        for x in (-1.2, 0.0, 1.2):
            z = {Z.CELESTIAL_X: x, Z.FIGURES_X: 0.0, Z.CELESTIAL_Y: -0.5}
            colour = "white" if subject == "swan" else "gold"
            labels = {"sky": "sunset", "terrain": terrain, "subject": subject, "subject_colour": colour}
            yield theatre.paint(scene(z, celestial="sun", **labels), SIZE, 30.0)


def water(theatre: Theatre) -> Iterator[Picture]:
    """Who swims lies in the water, who does not comes ashore."""
    for subject, sky, companion in (
        *(("whale", "night", "alone"), ("dolphin", "dusk", "alone"), ("ship", "sunset", "boat")),
        *(("horse", "golden hour", "alone"), ("child", "noon", "dog"), ("swan", "blue hour", "alone")),
    ):
        terrain = "lake" if subject == "swan" else "sea"
        labels = {"sky": sky, "terrain": terrain, "subject": subject, "companion": companion}
        shining = "moon" if sky in ("night", "dusk", "blue hour") else "sun"
        yield theatre.paint(scene({Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 0.8}, celestial=shining, **labels), SIZE, 30.0)


def papers(theatre: Theatre) -> Iterator[Picture]:
    """Figures of two papers, and a tree in three seasons."""
    for subject, sky, terrain in PAPERS:
        yield theatre.paint(scene(STANDING, sky=sky, terrain=terrain, subject=subject), SIZE, 30.0)
    for weather, sky in (("clear", "noon"), ("petals", "morning"), ("autumn leaves", "golden hour")):
        labels = {"sky": sky, "terrain": "hills", "weather": weather, "subject": "tree"}
        yield theatre.paint(scene(STANDING, **labels), SIZE, 30.0)


def gestures(theatre: Theatre) -> Iterator[Picture]:
    """Six figures at rest and in the middle of an act."""
    for subject, sky in zip(("dog", "child", "owl", "lion", "snake", "cat"), GESTURE_SKIES, strict=True):
        point = scene({Z.FIGURES_X: 0.6, Z.SUBJECT_SIZE: 2.0}, sky=sky, terrain="hills", subject=subject)
        start = acts_at(theatre, point)
        for seconds in (0.0, 0.9):
            yield theatre.paint(point, SIZE, start + seconds)


def acts_at(theatre: Theatre, point: Point) -> float:
    """When its figure moves most within the next second and a half, in seconds."""
    times = np.arange(20.0, 44.0, 0.3)
    frames = [theatre.paint(point, (84, 150), float(time)).astype(np.float32) for time in times]
    moves = [np.abs(frames[index + 3] - frames[index]).mean() for index in range(len(frames) - 3)]
    return float(times[int(np.argmax(moves))])


def said(theatre: Theatre) -> Iterator[Picture]:
    """A caption as it is said, in a band below the feet of the figures."""
    text = "an owl in the graveyard under a golden moon"
    z = {Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 1.0}
    point = scene(z, sky="dusk", terrain="graveyard", subject="owl", celestial="golden moon")
    for seconds in SAID:
        yield captioned(theatre.paint(point, SAID_SIZE, 30.0 + seconds), text, seconds)


def captioned(picture: Picture, text: str, seconds: float) -> Picture:
    """The picture with a caption that began so long ago."""
    pygame.font.init()
    size = picture.shape[1], picture.shape[0]
    captions = Captions(Typesetter())
    captions.set_text(text, 0.0)
    captions.sprites(size, 1.0, 0.0, 0.0)
    surface = pygame.surfarray.make_surface(picture.swapaxes(0, 1))
    for sprite in captions.sprites(size, 1.0, 0.0, seconds):
        drawn = sprite.surface.copy()
        drawn.set_alpha(round(255 * sprite.alpha))
        surface.blit(drawn, (sprite.x, sprite.y))
    return np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))


def opening(theatre: Theatre) -> Iterator[Picture]:
    """The curtain of an opening, and how it parts for another scene."""
    begin = opening_points(theatre)[0]
    end = scene({Z.CELESTIAL_X: -0.5, Z.FIGURES_X: 1.0}, sky="dawn", terrain="lake", subject="horse", celestial="sun")
    for way in OPENED:
        point = interpolate(begin, end, way, theatre.groups, geometry_of(theatre))
        yield theatre.paint(point, SIZE, 30.0 + 2 * way)


STRIPS = {
    "paper": (paper, 4),
    "camera": (camera, 3),
    "scene_change": (scene_change, len(CHANGED)),
    "words": (placed, 4),
    "paper-stage": (stages, len(STAGED)),
    "shots": (shots, 3),
    "light": (light, 3),
    "water": (water, 3),
    "papers": (papers, 3),
    "gestures": (gestures, 4),
    "said": (said, 2),
    "opening": (opening, 3),
}


def main() -> None:
    theatre = Theatre(default_place())
    theatre.set_stage(1.0, "scenes")
    wanted = sys.argv[1:] or list(STRIPS)
    for name, (pictures, columns) in STRIPS.items():
        if name not in wanted:
            continue
        path = FOLDER / f"{name}.jpg"
        strip(list(pictures(theatre)), columns).save(path, quality=QUALITY, optimize=True)
        print(f"{path.relative_to(Path.cwd())}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
