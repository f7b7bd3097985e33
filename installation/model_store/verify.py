"""Whether a file holds the weights of the model that it is said to be: every key and every shape, before it gets in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.core.errors import ShowError
from installation.model_store.catalogue import CatalogueEntry, FileFormat
from installation.models import BIGGAN_CONFIG
from installation.models.biggan.architectures import config_of

if TYPE_CHECKING:
    from torch import Tensor


def admit(entry: CatalogueEntry, path: Path, called: str, target: Path) -> bool:
    """Checks the weights in `path` and puts beside `target` what else its model needs; converts them in place if the
    model's own library calls them otherwise. Returns whether it did.

    `called`: what people know the file by. Raises ShowError naming what is wrong, OSError.
    """
    if entry.form is FileFormat.BIGGAN:
        return _admit_biggan(entry.name, path, called, target.with_name(BIGGAN_CONFIG))
    if entry.form is FileFormat.CLIP:
        from installation.models.clip.state_dict_keys import check_clip, wanted_keys

        check_clip(read_state(path, called, target.suffix), wanted_keys(entry.name), entry.name, called)
    return False


def read_state(path: Path, called: str, suffix: str) -> dict[str, Tensor]:
    """The tensors of a file, by torch's loader of weights only, or those of safetensors without their values (on the
    meta device); nothing in it is ever run.

    Raises ShowError if it is neither, or cut short.
    """
    from safetensors import SafetensorError

    from installation.models.checkpoint_io import DAMAGED, read_weights

    if suffix != ".safetensors":
        return read_weights(path, called)
    try:
        return _outlines(path)
    except (SafetensorError, *DAMAGED) as error:
        raise ShowError(f"{called} is not a file of weights, or is damaged or cut short.") from error


def _outlines(path: Path) -> dict[str, Tensor]:
    """The shapes in a file of safetensors, without its weights; its header says how long the file must be."""
    import torch
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return {key: torch.empty(file.get_slice(key).get_shape(), device="meta") for key in file.keys()}  # noqa: SIM118


def _admit_biggan(name: str, path: Path, called: str, config_path: Path) -> bool:
    from installation.models.biggan import state_dict_keys

    state = read_state(path, called, "")
    theirs = state_dict_keys.is_openmmlab(list(state))
    config = config_of(name, state_dict_keys.SINGLE) if theirs else config_of(name)
    if theirs:
        _save(state_dict_keys.from_openmmlab(state, config, called), path)
    else:
        state_dict_keys.check_library(state, config, called)
    _write(config_path, config)
    return theirs


def _save(state: dict[str, Any], path: Path) -> None:
    """In place of the file that it was read from, whole or not at all."""
    import torch

    fresh = path.with_name(f"{path.name}.converted")
    try:
        torch.save(state, fresh)
    except RuntimeError as error:  # torch's own writer says so when the disk is full
        fresh.unlink(missing_ok=True)
        raise OSError(28, str(error)) from error
    fresh.replace(path)


def _write(path: Path, config: dict[str, Any]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)
