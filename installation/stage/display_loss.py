"""The death of the X server: Xlib then ends the process from inside a call, without any cleanup by Python.

Its handler of such errors must not return, so that everything that is left to do happens in it.
"""

from __future__ import annotations

import ctypes
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pygame

LIBRARY = "libX11.so.6"
EXIT_STATUS = 1  # so that a service manager starts the show again

_handlers: list[Any] = []  # Xlib keeps a plain pointer to the handler


def on_display_loss(finish: Callable[[], None]) -> None:
    """Call `finish` in the main thread when the X server is gone, then end the process with exit status 1.

    `finish` must not use the display. Does nothing where windows are not X11's.
    """
    if not sys.platform.startswith("linux") or pygame.display.get_driver() != "x11":
        return
    xlib = ctypes.CDLL(LIBRARY)  # SDL has loaded it already

    def handle(_display: int | None) -> int:
        try:
            finish()
        except BaseException:  # noqa: BLE001 -- nothing can leave this function, which C code calls
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(EXIT_STATUS)

    handler_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
    handler = handler_type(handle)
    _handlers[:] = [handler]
    xlib.XSetIOErrorHandler.argtypes = [handler_type]
    xlib.XSetIOErrorHandler(handler)
