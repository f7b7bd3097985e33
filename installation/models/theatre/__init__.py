"""The theatre: a differentiable painter of paper-cut landscapes that needs no weights."""

from __future__ import annotations

from installation.models.interfaces import ModelPlace
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import scene_classes

__all__ = ["Theatre", "load", "scene_classes"]


def load(place: ModelPlace) -> Theatre:
    """The theatre, with its silhouettes from `place.assets`."""
    return Theatre(place)
