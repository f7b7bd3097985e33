"""Where models run."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from installation.core.errors import ShowError
from installation.models.fake import FakeGenerator
from installation.render.loading import suit
from installation.show.settings import DreamSettings
from tests.dream.conftest import small_biggan

NAMED = "import os; from installation.render.loading import device_named; device_named('auto'); print(os.environ[{!r}])"
FALLBACK = "PYTORCH_ENABLE_MPS_FALLBACK"  # torch reads it when it is loaded


def test_what_torch_lacks_on_an_apple_is_done_on_the_processor_unless_somebody_forbids_it() -> None:
    bare = {name: value for name, value in os.environ.items() if name != FALLBACK}
    for given, found in ((bare, "1"), ({**bare, FALLBACK: "0"}, "0")):
        done = subprocess.run(
            [sys.executable, "-c", NAMED.format(FALLBACK)], env=given, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == found


def test_a_show_that_asks_for_what_its_generator_has_not_is_refused() -> None:
    with pytest.raises(ShowError, match=r"dream.latents = 'layers' is for a BigGAN; 'fake' knows only 'one'"):
        suit(FakeGenerator(), DreamSettings(latents="layers"))
    with pytest.raises(ShowError, match=r"dream.class_weights = 'top' is for a BigGAN"):
        suit(FakeGenerator(), DreamSettings(class_weights="top", classes="optimised"))
    with pytest.raises(ShowError, match=r"set dream.classes = 'optimised'"):
        suit(small_biggan(), DreamSettings(class_weights="sigmoid"))
