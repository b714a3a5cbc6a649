"""A real Dask cluster of two worker processes, one of which is killed during the run: the bytes are those of this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dollarflow.ensembles.result import Ensemble
from dollarflow.ensembles.runner import run
from dollarflow.errors import BadInput
from tests.ensembles.economies import digests, toy_members

pytest.importorskip("distributed", reason="needs the extra 'ensemble'")
pytestmark = pytest.mark.filterwarnings("ignore")  # those of other packages' threads and sockets


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50, host="127.0.0.1"
    ) as found:
        yield found


def pids(cluster: Any) -> list[int]:
    from distributed import Client

    with Client(cluster.scheduler_address) as client:
        return list(client.run(os.getpid).values())


def test_a_worker_killed_during_the_run_changes_no_byte(cluster: Any, tmp_path: Path) -> None:
    run(toy_members(40), tmp_path / "here", chunk=2)
    victims = pids(cluster)
    assert len(set(victims)) == 2
    assert os.getpid() not in victims
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            os.kill(victims[0], signal.SIGKILL)

    run(toy_members(40), tmp_path / "there", chunk=2, scheduler=cluster.scheduler_address, progress=progress)
    assert seen[-1] == 40
    assert Ensemble.open(tmp_path / "there").complete
    assert digests(tmp_path / "there") == digests(tmp_path / "here")
    with pytest.raises(ProcessLookupError):
        os.kill(victims[0], 0)


def test_no_scheduler_at_the_address_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dollarflow.ensembles.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(BadInput, match=r"--scheduler tcp://127.0.0.1:9: no Dask scheduler answers"):
        run(toy_members(2), tmp_path / "store", scheduler="tcp://127.0.0.1:9")
    assert not list(tmp_path.iterdir())


def test_a_scheduler_without_workers_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("dollarflow.ensembles.cluster.CONNECT_SECONDS", 1)
    options = {"processes": True, "dashboard_address": None, "silence_logs": 50, "host": "127.0.0.1"}
    with LocalCluster(n_workers=0, **options) as empty, pytest.raises(BadInput, match="it has no worker; start one with: dask worker tcp:"):
        run(toy_members(2), tmp_path / "store", scheduler=empty.scheduler_address)
    assert not list(tmp_path.iterdir())
