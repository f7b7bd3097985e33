"""A storyboard: several pictures for every line or cue of a show, of which one each is chosen and pinned.

Pinned latents are written beside the show, and the show file or script names them, so that the show plays exactly the
chosen pictures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.messages import Value
from installation.core.params import PARAMS
from installation.core.paths import SHOWS, writing
from installation.core.prompt_text import caption
from installation.models.image_files import read_image
from installation.models.stored_latents import SUFFIX, read_latents, save_latents
from installation.show.loader import load_show, show_path
from installation.show.script_file import Script, ScriptLine
from installation.show.settings import Show
from installation.show.text_file import read_text
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet
from installation.studio.imagine import paint
from installation.studio.picture_files import write_picture
from installation.studio.pinning import pin_cue, pin_line
from installation.studio.workspace import Studio, common_settings, make_folder

MAX_ENTRIES = 1000
SHEET = "storyboard.jpg"
SHEET_ROWS = 60  # entries on one contact sheet
MANIFEST = "storyboard.json"
NOTICE = "notice"  # the setting of a picture that says what its dream has told

OnPicture = Callable[[int, int], None]  # pictures done, of how many
Picks = Mapping[int, int]  # number of an entry -> seed


@dataclass(frozen=True)
class Entry:
    """A line of a script, or a cue.

    Attributes:
        number: Counted from 1 over all entries; `--pick` takes it.
        kind: "line" or "cue".
        index: Its place in the script or in the cue list, from 1.
        title: What the audience reads; of a picture or a sound alone, its name.
        prompt: What is shown.
        params: Live parameters that it sets.
    """

    number: int
    kind: str
    index: int
    title: str
    prompt: str
    params: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The stem of its pinned latents: line-3."""
        return f"{self.kind}-{self.index}"

    def file(self, seed: int) -> str:
        """The stem of one of its pictures: line-3_seed-2."""
        return f"{self.name}_seed-{seed}"


@dataclass(frozen=True)
class Source:
    """What a storyboard is made of: a text file of lines, or a show with cues, a script, or both.

    Attributes:
        name: As it was given.
        path: The text file or show file.
        show: Its settings; the defaults for a text file.
        script: The file of the lines, if there is one.
        entries: Cues first, then lines.
    """

    name: str
    path: Path
    show: Show
    script: Path | None
    entries: tuple[Entry, ...]


def read_source(name: str) -> Source:
    """Read a text file of lines, or a show by name or path.

    Raises:
        ShowError: It cannot be read, or holds nothing to show.
    """
    if name.lower().endswith(".txt"):
        path = Path(name)
        lines = Script.parse(read_text(path, f"the text {path}"), path.name).lines
        source = Source(name, path, Show(), path, _line_entries(lines, 0))
    else:
        path, show = show_path(name), load_show(name)
        cues = _cue_entries(show)
        lines = Script.parse(show.script.text).lines
        script = path.parent / show.script.file if show.script.file else None
        source = Source(name, path, show, script, (*cues, *_line_entries(lines, len(cues))))
    if not source.entries:
        raise ShowError(f"{name} has no lines and no cues with words: there is nothing to show.")
    if len(source.entries) > MAX_ENTRIES:
        raise ShowError(f"{name} has {len(source.entries)} lines; a storyboard takes at most {MAX_ENTRIES}.")
    return source


def render(
    studio: Studio, source: Source, seeds: Sequence[int], steps: int, folder: Path, on_picture: OnPicture
) -> list[list[Path]]:
    """Make the pictures that are not in the folder yet, the contact sheets and the manifest.

    Returns:
        The pictures of each entry.

    Raises:
        ShowError: A picture cannot be made or written; those made so far stay.
    """
    make_folder(folder)
    total, done = len(source.entries) * len(seeds), 0
    rows: list[list[Path]] = []
    for entry in source.entries:
        rows.append([])
        for seed in seeds:
            rows[-1].append(make_picture(studio, entry, seed, steps, folder))
            done += 1
            on_picture(done, total)
    _write_sheets(source, rows, seeds, folder)
    with writing(folder / MANIFEST):
        (folder / MANIFEST).write_text(_manifest(source, seeds, steps), encoding="utf-8")
    return rows


def _write_sheets(source: Source, rows: Sequence[Sequence[Path]], seeds: Sequence[int], folder: Path) -> None:
    """Write the contact sheet; a long text has several, because no file holds a picture of any height."""
    for number, first in enumerate(range(0, len(rows), SHEET_ROWS), 1):
        part = slice(first, first + SHEET_ROWS)
        entries, pictures = source.entries[part], rows[part]
        cells = [
            [Cell(read_image(path), f"{entry.number}:{seed}") for path, seed in zip(row, seeds, strict=True)]
            for entry, row in zip(entries, pictures, strict=True)
        ]
        titles = [f"{entry.number}  {entry.title}" for entry in entries]
        sheet = contact_sheet(cells, titles, cell_size(cells[0][0].picture, 150))
        path = folder / (SHEET if number == 1 else f"{Path(SHEET).stem}-{number}{Path(SHEET).suffix}")
        with writing(path):
            write_picture(path, sheet, {"command": "storyboard", "show": source.name})


def make_picture(studio: Studio, entry: Entry, seed: int, steps: int, folder: Path) -> Path:
    """Make one picture and its latents, unless they are there; return the picture's file.

    Raises:
        ShowError: It cannot be made or written.
    """
    path = folder / f"{entry.file(seed)}.jpg"
    common = json.dumps(common_settings(studio.options), sort_keys=True)
    settings = {**_about(entry, seed), "steps": str(steps), "generator": studio.generator_name, "common": common}
    if _is_made(path, settings):
        return path
    params = {name: value for name, value in entry.params.items() if PARAMS[name].owner == "renderer"}
    dream = studio.dream(entry.prompt, seed, params)
    dream.settle()
    while dream.optimises and dream.steps < steps:
        dream.step()
    dream.settle()
    told = {**settings, NOTICE: dream.pop_notice()}
    with writing(path):
        save_latents(path.with_suffix(SUFFIX), studio.store(dream.point(), told))
        write_picture(path, paint(studio, dream.point()), told)
    return path


def notice_of(pictures: Sequence[Path]) -> str:
    """What the dreams of an entry's pictures have told, such as what is not pictured; ''."""
    notices = (read_latents(path.with_suffix(SUFFIX)).settings.get(NOTICE, "") for path in pictures)
    return next(filter(None, notices), "")


def has_picture(entry: Entry, seed: int, folder: Path) -> bool:
    """Whether a picture of the present words of an entry is there, whatever its other settings are."""
    return _is_made(folder / f"{entry.file(seed)}.jpg", _about(entry, seed))


def pin(source: Source, picks: Picks, folder: Path) -> list[Path]:
    """Write the chosen latents beside the show and name them there; return their files.

    Raises:
        ShowError: An entry or picture does not exist, or a file cannot be changed.
    """
    if source.path.resolve().is_relative_to(SHOWS.resolve()):
        raise ShowError(f"'{source.name}' comes with Laterna: copy {source.path} and its script first.")
    chosen = [(find_entry(source, number), seed) for number, seed in picks.items()]
    pinned = []
    for entry, seed in chosen:
        target = source.path.parent / f"{entry.name}{SUFFIX}"
        stored = read_latents(folder / f"{entry.file(seed)}{SUFFIX}")
        with writing(target):
            save_latents(target, stored)
        if entry.kind == "cue":
            pin_cue(source.path, entry.index, target.name)
        else:
            pin_line(source.script or source.path, entry.index, target.name)
        pinned.append(target)
    return pinned


def parse_picks(texts: Sequence[str]) -> dict[int, int]:
    """Parse LINE:SEED. Raises ShowError if one is something else."""
    picks = {}
    for text in texts:
        number, colon, seed = text.partition(":")
        if not (colon and all(each.isascii() and each.isdigit() and len(each) < 10 for each in (number, seed))):
            raise ShowError(f"--pick takes LINE:SEED, such as 3:2, not '{text}'.")
        picks[int(number)] = int(seed)
    return picks


def find_entry(source: Source, number: int) -> Entry:
    """Return the entry of that number. Raises ShowError if there is none."""
    if not 1 <= number <= len(source.entries):
        raise ShowError(f"There is no line {number}: {source.name} has {len(source.entries)}.")
    return source.entries[number - 1]


def _cue_entries(show: Show) -> tuple[Entry, ...]:
    found = [(index, cue) for index, cue in enumerate(show.cue, 1) if cue.words]
    return tuple(
        Entry(number, "cue", index, cue.caption or caption(cue.words) or cue.words, cue.words, cue.params)
        for number, (index, cue) in enumerate(found, 1)
    )


def _line_entries(lines: Sequence[ScriptLine], before: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(before + index, "line", index, line.text, line.words, line.params) for index, line in enumerate(lines, 1)
    )


def _about(entry: Entry, seed: int) -> dict[str, str]:
    params = json.dumps(dict(entry.params), sort_keys=True)
    return {"prompt": entry.prompt, "seed": str(seed), "caption": entry.title, "params": params}


def _is_made(path: Path, settings: Mapping[str, str]) -> bool:
    """Whether the picture and its latents are whole and were made with these settings, among others."""
    latents = path.with_suffix(SUFFIX)
    if not (path.is_file() and latents.is_file()):
        return False
    try:
        read_image(path)
        return settings.items() <= read_latents(latents).settings.items()
    except ShowError:  # half written, when the power failed: made again
        return False


def _manifest(source: Source, seeds: Sequence[int], steps: int) -> str:
    entries = [
        {"number": e.number, "name": e.name, "title": e.title, "prompt": e.prompt, "files": [e.file(s) for s in seeds]}
        for e in source.entries
    ]
    about = {"show": source.name, "seeds": list(seeds), "steps": steps, "entries": entries}
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"
