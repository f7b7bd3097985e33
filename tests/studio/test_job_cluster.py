from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.studio.job_cluster import JobCluster, check_address
from tests.bench.scale_render import Proof, render_on_two_nodes
from tests.studio.cheap_work import CheapWork


@pytest.mark.parametrize("address", ["", "auto", "ray://10.0.0.5:10001x", "10.0.0.5"])
def test_an_address_is_host_and_port(address: str) -> None:
    with pytest.raises(ShowError, match="takes HOST:PORT"):
        check_address(address)


def test_a_cluster_in_the_network_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    with pytest.raises(ShowError, match="lets everybody in the network run programs"):
        check_address("10.0.0.5:6379")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    check_address("10.0.0.5:6379")
    monkeypatch.delenv("RAY_AUTH_MODE")
    check_address("127.0.0.1:6379")


def test_without_ray_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ShowError, match="--cluster needs Ray: pip install"):
        JobCluster(CheapWork(tmp_path), [], "127.0.0.1:6379")


@pytest.mark.slow
def test_a_killed_worker_and_a_killed_node_lose_no_prompt_and_double_none(tmp_path: Path) -> None:
    assert render_on_two_nodes(20, tmp_path) == Proof(results=20, rerun=0)
