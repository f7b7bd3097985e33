"""Theatre: a painter of paper-cut landscapes that needs no weights."""

from __future__ import annotations

from installation.models.base import ModelPlace
from installation.models.theatre.classes import scene_classes
from installation.models.theatre.painter import Theatre

__all__ = ["Theatre", "load", "scene_classes"]


def load(place: ModelPlace) -> Theatre:
    """The theatre, with its silhouettes from `place.assets`."""
    return Theatre(place)
