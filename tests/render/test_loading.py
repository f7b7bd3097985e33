"""Where models run."""

from __future__ import annotations

import os
import subprocess
import sys

NAMED = "import os; from installation.render.loading import device_named; device_named('auto'); print(os.environ[{!r}])"
FALLBACK = "PYTORCH_ENABLE_MPS_FALLBACK"  # torch reads it when it is loaded


def test_what_torch_lacks_on_an_apple_is_done_on_the_processor_unless_somebody_forbids_it() -> None:
    bare = {name: value for name, value in os.environ.items() if name != FALLBACK}
    for given, found in ((bare, "1"), ({**bare, FALLBACK: "0"}, "0")):
        done = subprocess.run(
            [sys.executable, "-c", NAMED.format(FALLBACK)], env=given, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == found
