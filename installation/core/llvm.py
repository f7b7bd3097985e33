"""LLVM makes machine code for the processor at hand, through llvmlite: no compiler has to be installed."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

ERRORS = (ImportError, OSError, RuntimeError)  # no llvmlite, one that does not load, one of another LLVM's language
_PROBE = """
define float @probe(float %x) {
  %all = fadd <4 x float> zeroinitializer, splat (float 1.0)
  %one = extractelement <4 x float> %all, i64 0
  %sum = fadd float %x, %one
  ret float %sum
}
"""
_compiling = threading.RLock()  # one module at a time


@cache
def is_available() -> bool:
    """Whether code can be made here; if not, why is said once, as a warning."""
    try:
        compiled([_PROBE], ["probe"])
    except ERRORS as error:
        warnings.warn(f"LLVM makes no machine code here, so that some things are slower: {error}", stacklevel=2)
        return False
    return True


def compiled(functions: Iterable[str], names: Sequence[str]) -> list[int]:
    """The addresses of functions in LLVM's language, as machine code that stays until the process ends.

    Other threads go on meanwhile.

    Raises:
        ImportError, OSError, RuntimeError: See `is_available`.
    """
    from llvmlite import binding

    with _compiling:
        engine = _engine()
        lines = [line for text in functions for line in text.splitlines()]
        declared = dict.fromkeys(line for line in lines if line.startswith("declare"))
        rest = (line for line in lines if line not in declared)
        engine.add_module(binding.parse_assembly("\n".join((*declared, *rest))))
        engine.finalize_object()
        return [int(engine.get_function_address(name)) for name in names]


@cache
def _engine() -> Any:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=2
    )
    return binding.create_mcjit_compiler(binding.parse_assembly(""), target)
