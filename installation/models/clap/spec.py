"""CLAP in the registry: the listener that says what a sound is, for prompts that are sounds."""

from __future__ import annotations

from pathlib import Path

from installation.core.model_files import ModelFiles, ModelKind
from installation.models.clap import NAME, WEIGHTS
from installation.models.interfaces import ModelPlace, SoundNamer
from installation.models.spec import ListenerSpec


def _load(place: ModelPlace) -> SoundNamer:
    from installation.models.clap.listener import load_clap

    return load_clap(place.cache / NAME)


def _check(path: Path, description: str, target: Path) -> bool:
    del target
    from installation.models.clap.listener import check_weights

    check_weights(path, description)
    return False


def _random_weights(folder: Path, seed: int) -> None:
    from installation.models.clap.random_weights import write_random_clap

    write_random_clap(folder, seed)


SPECS = (
    ListenerSpec(
        family="clap",
        files=ModelFiles(
            name=NAME,
            kind=ModelKind.LISTENER,
            licence="Apache-2.0",
            size=615_000_000,
            own=(WEIGHTS, "config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"),
            advice=(
                "bring the folder of a CLAP in the layout of transformers, as by "
                "`hf download laion/clap-htsat-unfused --local-dir clap --exclude '*.bin'`"
            ),
            folder=NAME,
            check=_check,
        ),
        load=_load,
        packages=("transformers",),
        extra="sound-prompts",
        random_weights=_random_weights,
    ),
)
