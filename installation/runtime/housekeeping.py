"""What can be done while the show already runs: check the models that it loaded, join recordings of ended shows.

A process of its own does it once, at low priority. If it dies, the show goes on without.
"""

from __future__ import annotations

from installation.core.messages import Notice
from installation.core.os_support import COMPUTING_NICENESS
from installation.core.worker_status import WorkerStatus
from installation.runtime import entry_points
from installation.runtime.options import HousekeepingConfig
from installation.runtime.worker_link import WorkerLink

NAME = "housekeeping"


class Housekeeping:
    """Main's side: the process, and what it has to tell the operator."""

    def __init__(self, config: HousekeepingConfig) -> None:
        """Start the process. Raises OSError."""
        self._link = WorkerLink(entry_points.housekeeping, config, NAME, niceness=COMPUTING_NICENESS)
        self.over = False

    def notices(self) -> list[Notice]:
        """Take out what there is to tell the operator."""
        self.over = self._link.exhausted
        notices = []
        for message in self._link.receive():
            if isinstance(message, Notice):
                notices.append(message)
            elif isinstance(message, WorkerStatus) and message.state == "failed":
                notices.append(Notice(NAME, message.reason))
        return notices

    def end(self) -> None:
        """End the process, finished or not; what it has not joined is joined at the next start."""
        self._link.kill()
        self._link.process.join(1.0)
