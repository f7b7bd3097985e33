"""What a worker makes of a job: a picture and its latents, as the contents of two files."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.params import PARAMS
from installation.models.stored_latents import SUFFIX, save_latents
from installation.show.loader import override
from installation.show.settings import Show
from installation.studio.imagine import imagine
from installation.studio.job_work import Files, Make
from installation.studio.jobs import Job
from installation.studio.picture_files import write_picture
from installation.studio.workspace import Studio, StudioOptions, common_settings


@dataclass(frozen=True)
class PaintJobs:
    """Dreams the prompt of each job and paints it."""

    options: StudioOptions

    def prepare(self, device: str, share: float) -> Make:
        """See `Work`."""
        if device.startswith("cuda") and share < 1.0:
            import torch

            torch.cuda.set_per_process_memory_fraction(share, device)
        studio = Studio(replace(self.options, place=self.options.place._replace(device=device)))
        return lambda job: _paint(studio, job)


def about(job: Job, options: StudioOptions) -> dict[str, str]:
    """What a picture file of a job says about itself; `options` are those of a `Studio`."""
    own, common = (json.dumps(each, sort_keys=True) for each in (dict(job.settings), common_settings(options)))
    numbers = {"seed": str(job.seed), "steps": str(job.steps)}
    models = {"generator": options.models.generator, "settings": own, "common": common}
    return {"command": "batch", "prompt": job.prompt, **numbers, **models}


def _paint(studio: Studio, job: Job) -> Files:
    show = Show(models=studio.options.models, dream=studio.options.dream)
    changed, values = override(show, dict(job.settings))
    if changed.models != show.models:
        raise ShowError("A prompt of a batch cannot choose models: use --set for all of them.")
    params = {name: value for name, value in values.items() if PARAMS[name].owner == "renderer"}
    own = studio.with_settings(changed.dream, params) if job.settings else studio
    result = imagine(own, job.prompt, job.seed, job.steps)
    if result.interrupted:  # Ctrl-C: a picture that is half done is no result
        raise KeyboardInterrupt
    notes = about(job, studio.options)
    with tempfile.TemporaryDirectory(prefix="laterna-job-") as folder:
        picture, latents = Path(folder, "picture.png"), Path(folder, f"latents{SUFFIX}")
        write_picture(picture, result.picture, notes)
        save_latents(latents, own.store(result.latents, notes))
        return {path.suffix: path.read_bytes() for path in (picture, latents)}
