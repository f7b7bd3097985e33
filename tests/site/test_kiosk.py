"""The kiosk recipe: a real sway without a display shows the window of a real show, and both end together."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from installation.models.image_files import read_image
from tests.conftest import require_system
from tests.running import ROOT, until
from tests.site.user_systemd import under_systemd

SIZE = (640, 360)
SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [320, 180]
[osc]
enabled = false
[web]
enabled = false
"""
LIMIT = 60.0
CONFIG = f"include {ROOT}/installation/site/sway.conf\noutput HEADLESS-1 resolution {SIZE[0]}x{SIZE[1]}\n"
HEADLESS = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
ANOTHER_USER = ["unshare", "-U", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
BOOT = f"""
state() {{ systemctl --user is-active laterna-wall || true; }}
kiosk() {{ env {" ".join(f"{name}={text}" for name, text in HEADLESS.items())} {" ".join(ANOTHER_USER)} \\
  sway -c "$HOME/config" >>"$HOME/sway.log" 2>&1 & sway=$!; }}
laterna install-service wall.toml -- --fullscreen
wait_for '[ "$(systemctl --user show -P NRestarts laterna-wall)" -ge 1 ]'   # there is no display yet
kiosk; wait_for '[ "$(state)" = active ]'
kill -KILL $sway; rm -f $XDG_RUNTIME_DIR/wayland-1*
wait_for '[ "$(state)" != active ]'
kiosk; wait_for '[ "$(state)" = active ]'
screenshot() {{ WAYLAND_DISPLAY=wayland-1 grim "$HOME/screenshot.png"; stat -c %s "$HOME/screenshot.png"; }}
wait_for '[ "$(screenshot)" -gt 30000 ]'; sleep 1; screenshot   # one colour takes less
laterna uninstall-service wall.toml; kill -KILL $sway
"""


class Kiosk:
    """sway with the shipped configuration, and programs on it."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.folder, self.runtime = folder, runtime
        (folder / "config").write_text(CONFIG)
        with (folder / "sway.log").open("w") as log:
            self.sway = subprocess.Popen(
                [*ANOTHER_USER, "sway", "-c", str(folder / "config")],
                env={**self.environment, **HEADLESS},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def environment(self) -> dict[str, str]:
        """That of a program on it."""
        own = {"XDG_RUNTIME_DIR": str(self.runtime), "WAYLAND_DISPLAY": "wayland-1", "HOME": str(self.folder)}
        return {name: text for name, text in os.environ.items() if name != "DISPLAY"} | own

    def play(self, *options: str) -> subprocess.Popen[str]:
        """Start the show as a service does."""
        command = [sys.executable, str(ROOT / "run_show.py"), "play", "wall.toml", "--window", *options]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )

    def screenshot(self) -> Path | None:
        """What is on the display; None while there is none."""
        path = self.folder / "screenshot.png"
        taken = subprocess.run(["grim", str(path)], env=self.environment, capture_output=True)
        return path if taken.returncode == 0 else None

    def shows_a_picture(self) -> bool:
        """Whether the display is filled, to its corners, by a picture with colours."""
        path = self.screenshot()
        return path is not None and is_filled(path)


def is_filled(path: Path) -> bool:
    """Whether a screenshot is filled, to its corners, by a picture with colours."""
    picture = read_image(path)
    corners = picture[:: SIZE[1] - 1, :: SIZE[0] - 1].reshape(4, 3)
    return picture.shape == (SIZE[1], SIZE[0], 3) and picture.std() > 10 and corners.max(axis=1).min() > 0


def require_sway() -> None:
    """Skip where there is no sway."""
    require_system(shutil.which("sway") and shutil.which("grim"), "sway or grim is missing (apt install sway grim)")
    if subprocess.run(["unshare", "-U", "true"], capture_output=True).returncode:
        pytest.skip("this user may not have a user namespace, in which sway would run")


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    require_sway()
    (tmp_path / "wall.toml").write_text(SHOW)
    runtime = Path(mkdtemp(prefix="kiosk-"))  # the path of a socket is short
    made = Kiosk(tmp_path, runtime)
    yield made
    made.sway.kill()
    made.sway.wait()
    shutil.rmtree(runtime)


@pytest.mark.slow
def test_the_show_fills_the_display_and_ends_with_the_compositor(kiosk: Kiosk) -> None:
    until((kiosk.runtime / "wayland-1").exists, LIMIT, "the display")
    show = kiosk.play("--fullscreen")
    try:
        until(lambda: kiosk.shows_a_picture() or show.poll() is not None, LIMIT, "the picture")
        assert show.poll() is None, show.communicate()[1]
        kiosk.sway.kill()
        assert show.wait(LIMIT) == 0  # in order: a service manager starts it again
    finally:
        show.kill()
        show.communicate()
    again = kiosk.play()
    said = again.communicate(timeout=LIMIT)[1]
    assert (again.returncode, "--window: No display found" in said) == (2, True), said


@pytest.mark.slow
def test_a_service_that_starts_before_the_kiosk_gets_its_display_and_follows_a_new_one(tmp_path: Path) -> None:
    require_sway()
    (tmp_path / "wall.toml").write_text(SHOW)
    (tmp_path / "config").write_text(CONFIG)
    under_systemd(BOOT, tmp_path)
    assert is_filled(tmp_path / "screenshot.png")
