"""Functions in LLVM's language run as machine code; a machine that cannot make any says so once."""

from __future__ import annotations

from ctypes import CFUNCTYPE, c_float

import pytest

from installation.core.llvm import compiled, is_available

TWICE = """
define float @twice_for_a_test(float %x) {
  %sum = fadd float %x, %x
  ret float %sum
}
"""


def test_a_function_runs_as_machine_code() -> None:
    address = compiled([TWICE], ["twice_for_a_test"])[0]
    assert CFUNCTYPE(c_float, c_float)(address)(2.5) == 5.0
    assert is_available()


@pytest.mark.usefixtures("without_llvm")
def test_that_llvm_is_missing_is_said_once() -> None:
    with pytest.warns(UserWarning, match="LLVM makes no machine code here, so that some things are slower"):
        assert not is_available()
    assert not is_available()
