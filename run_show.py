"""Laterna from a checkout: `python run_show.py` plays the default show; `--help` lists the commands."""

from __future__ import annotations

import sys

from installation.__main__ import run

if __name__ == "__main__":  # workers import this file too
    sys.exit(run())
