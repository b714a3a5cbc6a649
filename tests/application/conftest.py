"""Result folders that several tests share: the toy's and, once a session, the baseline's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dollarflow.cli import call
from dollarflow.simulation import Simulation
from tests.application import toy

Outcome = tuple[int, str, str]


@pytest.fixture(scope="session")
def toy_run() -> Simulation:
    return toy.run()


@pytest.fixture(scope="session")
def sound_folder(toy_run: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_run.write(tmp_path_factory.mktemp("toy") / "result")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs a command in this process; gives exit code, stdout and stderr."""

    def run(*words: str | Path) -> Outcome:
        code = call([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
