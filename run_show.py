"""Laterna, a magic lantern for spoken words: `python run_show.py` plays the default show; `--help` tells the rest."""

from __future__ import annotations

if __name__ == "__main__":  # workers import this file too; they need nothing of the command line
    import sys

    from installation.cli.main import main

    sys.exit(main(sys.argv[1:]))
