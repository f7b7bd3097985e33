"""What differs between operating systems: process names, priorities, signals, memory. The only such place."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Literal

import psutil
import setproctitle

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PR_SET_PDEATHSIG = 1  # of prctl
CLOCK_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex
ATTENTIVE_NICENESS = 4  # of workers that answer at once, above main's own
OUTPUT_NICENESS = 6  # of workers that take presented frames
COMPUTING_NICENESS = 8  # of workers that compute
STOP_SIGNALS = [  # Windows has no SIGHUP
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def is_worker_process() -> bool:
    """Whether this process was started by main; a worker that runs inline is a thread of main itself."""
    return multiprocessing.parent_process() is not None


def name_process(name: str) -> None:
    """Makes this process findable: `laterna: <name>` in process lists. A thread of main keeps main's name."""
    if threading.current_thread() is threading.main_thread():
        setproctitle.setproctitle(f"laterna: {name}")


def ignore_stop_signals(helper: bool = False) -> None:
    """Leave SIGINT, SIGTERM and SIGHUP to main, which ends its workers in order. Does nothing in main itself.

    A terminal or a service manager sends these to the whole process group; a worker ends when its pipe does.

    Args:
        helper: This process was started by `start_helper`.
    """
    if not (helper or is_worker_process()):
        return
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def stop_signals_blocked() -> Iterator[None]:
    """Block SIGINT, SIGTERM and SIGHUP in this thread, and in every process that is started meanwhile.

    A worker needs a second until it can ignore them. Signals that arrive meanwhile are delivered afterwards.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # otherwise the first start of a process would unblock the signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def can_start_helpers() -> bool:
    """Whether `start_helper` works here: Windows passes no open files on."""
    return sys.platform != "win32"


def start_helper(module: str) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start a process that runs `main(connection)` of a module; return it and this end of the pipe to it.

    Workers, too, may start one; multiprocessing allows them none. It ends by itself when its pipe does.

    Args:
        module: Its full name.

    Raises:
        OSError: The system allows no further process.
    """
    ours, theirs = multiprocessing.Pipe(duplex=True)
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; from importlib import import_module; "
        "from multiprocessing.connection import Connection; "
        f"import_module({module!r}).main(Connection({theirs.fileno()}))"
    )
    try:
        with stop_signals_blocked():
            process = subprocess.Popen(
                [sys.executable, "-c", program], pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL
            )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()  # otherwise reading would never see the end of file
    return process, ours


def stay_in_background() -> None:
    """A show started with `&` that reads its terminal reads nothing, where it would be stopped."""
    if sys.platform != "win32":
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)


def lower_priority(niceness: int, pid: int = 0) -> None:
    """Run a process, this one if `pid` is 0, at a lower priority than this one has now.

    Does nothing if the process is gone. A process that has just been started has one thread, which the others inherit
    their priority from; later, Linux would lower only one of them.
    """
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
        if sys.platform == "win32":
            psutil.Process(pid or None).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:  # relative: main may itself run at any priority
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + niceness)


def lower_thread_priority() -> None:
    """Run this thread of a worker, and those that it starts, like a worker that computes.

    Only Linux has a priority for each thread; elsewhere nothing changes.
    """
    if sys.platform == "linux" and is_worker_process():
        os.setpriority(
            os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + COMPUTING_NICENESS
        )


def cpu_seconds(pid: int | None) -> float:
    """Processor time that a process has used, in seconds, all its threads together; 0 if it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(times.user + times.system)


def activity(pid: int) -> Literal["busy", "waiting", "stopped"]:
    """What a process does: it runs, is about to, or reads a disk; it waits, or is gone; or it has been stopped."""
    try:
        status = psutil.Process(pid).status()
    except psutil.Error:
        return "waiting"
    if status in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP):
        return "stopped"
    return "busy" if status in (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP, psutil.STATUS_WAKING) else "waiting"


def end_with_parent() -> None:
    """Have Linux kill this process, even a stopped one, when the thread that has started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_of_file(pipe: Connection) -> None:
    """Let the other end read end of file; where the system allows it, what it still sends can be received."""
    if sys.platform == "win32":
        pipe.close()
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(pipe.fileno())) as half:  # the other end is gone
        half.shutdown(socket.SHUT_WR)


def has_screen() -> bool:
    """Whether a window can be opened."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def memory_places() -> list[Path]:
    """Where frame rings can be: in memory, if the system has such a place, and in the temporary folder."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return [*([memory] if usable else []), Path(tempfile.gettempdir())]


def free_bytes(folder: Path) -> int:
    """Free space on the disk of a folder, in bytes. Raises OSError."""
    return shutil.disk_usage(folder).free


def flush_folder(folder: Path) -> None:
    """Write the names in a folder to disk, so that a power failure does not undo a rename; Windows has no such call.

    Raises OSError.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_gone(path: Path, opened: os.stat_result) -> bool:
    """Whether a file that was opened has been deleted, or another one put in its place."""
    try:
        return not os.path.samestat(opened, path.stat())
    except FileNotFoundError:
        return True


def lock_file(file: IO[Any]) -> bool:
    """Lock an open file against other processes, without waiting; the lock ends with the file or its process.

    Returns whether the lock was free. Raises OSError where the file system has no locks.
    """
    try:
        if sys.platform == "win32":
            file.seek(2**30)  # far behind the content, which others may read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def process_age() -> float:
    """Seconds since this process was started, the interpreter's own start included."""
    if sys.platform == "linux":  # the start in ticks since the boot; psutil adds the boot's time in whole seconds
        ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return max(0.0, time.time() - psutil.Process().create_time())


def memory_mb(pid: int | None) -> float:
    """Resident memory of a process in MB; 0 if it is gone or may not be inspected."""
    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def available_memory() -> int:
    """Bytes of memory that processes can still get without swapping."""
    return int(psutil.virtual_memory().available)


def clock_is_synchronised() -> bool | None:
    """Whether the kernel's clock follows a time server (adjtimex(2)); None where that is not known."""
    if sys.platform != "linux":
        return None
    state = ctypes.create_string_buffer(512)  # struct timex, all zero: it is only read
    status = ctypes.CDLL(None).adjtimex(state)
    return None if status == -1 else status != CLOCK_UNSYNCHRONISED


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
