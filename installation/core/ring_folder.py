"""The folder of a show's frame rings: in memory where there is room, else on disk; those of ended shows are removed."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from installation.core.os_support import free_bytes, memory_places
from installation.core.owned_folder import OwnedFolder

PREFIX = "laterna-"
JPEG_RING = "mjpeg"  # of the output of that name
SOUND_RING = "sound"  # of the microphone, for films
WEBRTC_DESK = "webrtc"  # where browsers are connected to the output of that name
LOCKSTEP = "screens"  # the table of the screens
RINGS = ("frames", "stage", LOCKSTEP, JPEG_RING, SOUND_RING, WEBRTC_DESK)  # the files in it


def ring_folder(room: int = 0) -> OwnedFolder:
    """A new folder for the frame rings. Raises OSError if none can be made.

    `room`: bytes that the rings will take; a memory without it (a container's has 64 MB) would kill who writes.
    """
    places = memory_places()
    for place in places:
        remove_abandoned(place)
    where = next((place for place in places if free_bytes(place) >= room), places[-1])
    return OwnedFolder(where / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}")


def remove_abandoned(place: Path) -> None:
    """Remove the rings that ended shows have left there; anything else in their folders stays."""
    for path in place.glob(f"{PREFIX}*"):
        if folder := OwnedFolder.take_over(path):
            remove_rings(folder)


def remove_rings(folder: OwnedFolder) -> None:
    """Remove the rings and their folder."""
    for name in RINGS:
        with contextlib.suppress(OSError):  # not there, or not removable: the folder stays then
            (folder.path / name).unlink()
    folder.release()
