"""Which packages the borrowed machine needs, and which of them it has to be brought as wheels."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_THERE = """
torch torchvision triton numpy scipy pillow safetensors llvmlite timm regex huggingface-hub hf-xet tqdm pyyaml requests
urllib3 idna certifi charset-normalizer filelock fsspec packaging typing-extensions sympy mpmath networkx jinja2
markupsafe setuptools httpx httpcore h11 anyio psutil typing-inspection shellingham click typer rich six python-dateutil
"""
_CARRIED = """
open_clip_torch ftfy wcwidth pytorch-pretrained-biggan
pydantic pydantic_core annotated-types setproctitle platformdirs
"""
THERE = tuple(_THERE.split())  # of what the stages import; the machine has many more
CARRIED = tuple(_CARRIED.split())
CARRIED_MIB = 6.0  # all wheels together, at most: with the working tree they have to stay below 64


def stand_in() -> None:
    """Let `pytorch_pretrained_biggan` be imported without boto3, which would fetch weights and takes 14 MB."""
    try:
        import_module("boto3")
    except ModuleNotFoundError:
        pass
    else:
        return
    exceptions = ModuleType("botocore.exceptions")
    exceptions.ClientError = OSError  # type: ignore[attr-defined]
    for module in (ModuleType("boto3"), ModuleType("botocore"), exceptions):
        sys.modules[module.__name__] = module
