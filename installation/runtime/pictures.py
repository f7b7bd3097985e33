"""The latents that prompts name: files in the folder of the show, snapshots on disk, and what earlier prompts came to.

A snapshot is one file of stored latents (see `models.stored_latents`), whose settings hold its words and values.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from installation.core.errors import Rejected, ShowError
from installation.core.messages import Direction, Look, Prompt, StoredPicture, Value
from installation.core.params import coerce, find_value
from installation.journal.codec import decode, encode
from installation.models.interfaces import Latents
from installation.models.stored_latents import StoredLatents, read_latents, save_latents
from installation.show.script_file import Script
from installation.show.settings import Show

MAX_KEPT = 256  # pictures of earlier prompts
SUFFIX = ".safetensors"


class PictureStore:
    """Stored pictures by name, and the snapshots of a show on disk."""

    def __init__(self, show: Show, name: str, folder: Path | None) -> None:
        """Read the pictures that the show names.

        Args:
            show: the show.
            name: of the show, for the files of its snapshots.
            folder: of the show file, where pinned pictures are.

        Raises:
            ShowError: a picture cannot be read.
        """
        self._folder, self._name = folder or Path(), name
        self._snapshots = Path(show.record.snapshot_folder)
        self._pictures: dict[str, StoredPicture] = {}
        self._kept: OrderedDict[str, StoredPicture] = OrderedDict()
        self._looks: dict[str, Look] = {}  # stored, but without latents yet
        self._writer = ThreadPoolExecutor(1, "snapshots")
        self._writing: list[Future[None]] = []
        self.read(show)

    # -- pictures ---------------------------------------------------------------------------------------------------

    def read(self, show: Show) -> None:
        """Read the pictures that the cues and the script of a show name. Raises ShowError if one cannot be read."""
        self.read_files(cue.picture for cue in show.cue if isinstance(cue.picture, str))
        self.read_files(line.picture for line in Script.parse(show.script.text).lines)

    def read_files(self, names: Iterable[str]) -> None:
        """Read files of the show's folder, again if they are known. Raises ShowError, and keeps what was there."""
        found = {name: _picture(name, self._folder / name) for name in dict.fromkeys(names) if name}
        self._pictures |= found

    def keep(self, picture: StoredPicture) -> None:
        """Keep what the renderer reports: a prompt that is over, or the latents of a snapshot."""
        if look := self._looks.pop(picture.name, None):
            self._pictures[picture.name] = picture
            self._write(look, picture)
            return
        self._kept[picture.name] = picture
        self._kept.move_to_end(picture.name)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    def complete(self, direction: Direction) -> Direction:
        """The Direction with the pictures that its prompts name, as far as they are known."""
        if not any(prompt.picture for prompt in direction.prompts):
            return direction
        names = dict.fromkeys(prompt.picture for prompt in direction.prompts)
        known = [self._pictures.get(name) or self._kept.get(name) for name in names]
        return replace(direction, pictures=tuple(picture for picture in known if picture))

    # -- snapshots --------------------------------------------------------------------------------------------------

    def looks(self) -> tuple[list[Look], list[str]]:
        """The snapshots on disk, and a sentence for each file that cannot be read."""
        looks: list[Look] = []
        sentences: list[str] = []
        for path in sorted(self._snapshots.glob(f"{self._name}-*{SUFFIX}")):
            number = path.stem.removeprefix(f"{self._name}-")
            if not number.isdecimal():
                continue
            try:
                stored = read_latents(path)
                look = _look(int(number), stored)
            except ShowError as error:
                sentences.append(str(error))
                continue
            self._pictures[look.picture] = _stored_picture(look.picture, stored)
            looks.append(look)
        return looks, sentences

    def save(self, look: Look, capture: bool) -> bool:
        """Keep a look on disk. Returns whether the renderer has to be asked for its latents first."""
        if capture or look.picture not in self._pictures:
            self._looks[look.picture] = look
            return True
        self._write(look, self._pictures[look.picture])
        return False

    def failures(self) -> list[str]:
        """A sentence for each snapshot that could not be written since the last call."""
        done = [each for each in self._writing if each.done()]
        self._writing = [each for each in self._writing if each not in done]
        errors = [error for each in done if (error := each.exception())]
        return [f"Cannot write a snapshot to {self._snapshots}: {error}." for error in errors]

    def close(self) -> None:
        """Finish writing."""
        self._writer.shutdown()

    def _write(self, look: Look, picture: StoredPicture) -> None:
        path = self._snapshots / f"{self._name}-{look.number}{SUFFIX}"
        about = {
            "name": look.name,
            "prompt": " | ".join(prompt.text for prompt in look.prompts if prompt.text),
            "prompts": json.dumps([encode(prompt) for prompt in look.prompts]),
            "values": json.dumps(look.values),
        }
        stored = StoredLatents(Latents(picture.z, picture.classes), picture.generator, about)
        self._writing.append(self._writer.submit(_save, path, stored))


def _save(path: Path, stored: StoredLatents) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    save_latents(partial, stored)
    partial.replace(path)


def _picture(name: str, path: Path) -> StoredPicture:
    return _stored_picture(name, read_latents(path))


def _stored_picture(name: str, stored: StoredLatents) -> StoredPicture:
    point = stored.point[:1]
    return StoredPicture(name, point.z, point.classes, stored.generator)


def _look(number: int, stored: StoredLatents) -> Look:
    """The look in a file. One that another program has written has no values and no words."""
    try:
        prompts = tuple(decode(each) for each in json.loads(stored.settings.get("prompts", "[]")))
        given = json.loads(stored.settings.get("values", "{}"))
        values: dict[str, Value] = {name: coerce(find_value(name), value) for name, value in given.items()}
    except (ValueError, TypeError, AttributeError, Rejected) as error:
        raise ShowError(f"The snapshot {number} is damaged: {error}.") from None
    known = tuple(each for each in prompts if isinstance(each, Prompt))
    return Look(number, stored.settings.get("name", f"snapshot {number}"), known, values)
