"""The embedded perceptor's part of open_clip."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADING = """
import sys
from installation import models
perceptor = models.load_perceptor("clip-embedded", models.default_place("cpu"))
perceptor.embed_text(["a fox"])
names = ("open_clip", "torchvision", "timm", "transformers", "torch._dynamo")
imported = [name for name in names if name in sys.modules]
assert not imported, imported
import open_clip
assert open_clip.get_model_config("ViT-B-32") and open_clip.timm_model.timm
"""


@pytest.mark.slow
def test_the_embedded_perceptor_needs_no_other_library_and_open_clip_can_be_imported_after_it() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
