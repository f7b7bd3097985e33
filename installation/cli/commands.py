"""The names of all commands, and how to tell which of them a command line calls.

This module imports nothing of the program, because `__main__` needs it before anything else is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

PROGRAM = "run_show.py"
MODULES = {  # of this package, with their commands in the order of the help
    "play": ("play",),
    "reference": ("shows", "params", "keys"),
    "words": ("words",),
    "imagine": ("imagine",),
    "offline": ("bank", "bench"),
    "studio": ("sample", "interpolate", "walk", "film"),
    "storyboard": ("storyboard",),
    "batch": ("batch",),
    "render": ("render",),
    "recognition": ("classify", "search", "upscale"),
    "hearing": ("devices", "listen", "transcribe"),
    "layouts": ("layout",),
    "models": ("models", "fetch"),
    "doctor": ("doctor",),
    "audience": ("audience",),
    "service": ("install-service", "uninstall-service"),
}
COMMANDS = {command: module for module, commands in MODULES.items() for command in commands}
EXAMPLES = {
    "words": f"{PROGRAM} words wolf",
    "imagine": f"{PROGRAM} imagine 'a red sun over the sea' -o sun.png",
    "sample": f"{PROGRAM} sample wolf -o wolves.png",
    "interpolate": f"{PROGRAM} interpolate 'a fox at dawn' 'a ship in a storm' -o way.png",
    "walk": f"{PROGRAM} walk fox.safetensors ship.safetensors --loop -o walk.mp4",
    "layout": f"{PROGRAM} layout touchosc -o laterna.tosc",
    "storyboard": f"{PROGRAM} storyboard poem.txt --seeds 1-4",
    "batch": f"{PROGRAM} batch prompts.csv -o pictures",
    "render": f"{PROGRAM} render prompts.csv --out results --dry-run",
    "film": f"{PROGRAM} film show.jsonl --size 1920x1080 --fps 60 -o show.mp4",
    "classify": f"{PROGRAM} classify photo.jpg --labels 'fox, wolf, ship'",
    "search": f"{PROGRAM} search recordings 'a ship in a storm' -o found.png",
    "upscale": f"{PROGRAM} upscale fox.png --scale 4 -o fox-large.png",
    "bank": f"{PROGRAM} bank biggan-deep-256 --perceptor RN50-quickgelu",
    "audience": f"{PROGRAM} audience evening.toml --broker redis://127.0.0.1:6379",
    "install-service": f"{PROGRAM} install-service evening.toml -- --fullscreen",
    "transcribe": f"{PROGRAM} transcribe talk.wav",
}


def with_command(arguments: Sequence[str]) -> list[str]:
    """The command line with the command that it leaves out: `run_show.py SHOW` is short for `run_show.py play SHOW`."""
    named = bool(arguments) and arguments[0] in ("--help", *COMMANDS)
    return [*arguments] if named else ["play", *arguments]
