"""The cache of compiled code: what is broken, stale, foreign or unwritable is the same as nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.compiler import cache
from model.compiler.compilation import _compiled
from model.solving.solver import solve
from tests.engine.builders import SIM_PARAMETERS, sim

PROGRAM = """
from tests.engine.test_cache import income
print(income())
"""


def income() -> float:
    _compiled.cache_clear()
    path = solve(sim(), {"H": 80.0, "Hs": 80.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=3)
    return float(path["Y"][3])


EXACT = 20 / 0.2 * 1.0
"""The stationary state Y = G/θ holds from the first period on: H = 80 is its stock of money."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "kept" / "code"
    monkeypatch.setenv(cache.VARIABLE, str(where))
    return where


def test_code_is_kept_once_and_used_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert income() == pytest.approx(EXACT, rel=1e-13)
    (file,) = folder.glob("*.o")
    monkeypatch.setattr("model.compiler.machine._compiled", lambda *_: pytest.fail("compiled although it is kept"))
    assert income() == pytest.approx(EXACT, rel=1e-13)
    assert [f.name for f in folder.iterdir()] == [file.name]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "other", "foreign", "pipe", "folder"])
def test_a_file_that_is_not_whole_is_compiled_anew(folder: Path, damage: str) -> None:
    income()
    (file,) = folder.glob("*.o")
    whole = file.read_bytes()
    if damage == "truncated":
        file.write_bytes(whole[:-100])
    elif damage == "flipped":
        file.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "other":
        cache.store("b" * 64, b"not machine code")
        file.write_bytes((folder / f"{'b' * 64}.o").read_bytes())
    elif damage == "foreign":
        file.chmod(0o666)
    elif damage == "pipe":
        file.unlink()
        os.mkfifo(file)
    else:
        file.unlink()
        file.mkdir()
    assert cache.load(file.stem) is None
    assert income() == pytest.approx(EXACT, rel=1e-13)
    if damage not in ("foreign", "folder"):
        assert cache.load(file.stem) is not None


def test_a_folder_that_cannot_be_written_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv(cache.VARIABLE, str(blocked))
    assert income() == pytest.approx(EXACT, rel=1e-13)
    monkeypatch.setenv(cache.VARIABLE, "/proc/nowhere/code")
    assert income() == pytest.approx(EXACT, rel=1e-13)


def test_off_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "off")
    assert cache.folder() is None
    cache.store("a" * 64, b"x")
    assert cache.load("a" * 64) is None
    assert income() == pytest.approx(EXACT, rel=1e-13)


def test_the_folder_follows_the_platforms_convention(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.folder() == tmp_path / "dollarflow"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder() == Path.home() / ".cache" / "dollarflow"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.folder() == Path.home() / "Library" / "Caches" / "dollarflow"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache.folder() == tmp_path / "dollarflow"


def test_the_oldest_files_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 5000)
    for i in range(8):
        cache.store(f"{i:064d}", bytes(1000))
        os.utime(folder / f"{i:064d}.o", (i, i))
    cache.store(f"{9:064d}", bytes(1000))
    kept = sorted(int(f.stem) for f in folder.glob("*.o"))
    assert kept[-1] == 9
    assert len(kept) == 4
    assert kept == [5, 6, 7, 9]


def test_what_a_killed_process_left_goes(folder: Path) -> None:
    cache.store("a" * 64, b"code")
    old, new = folder / ".old.part", folder / ".new.part"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    cache.store("c" * 64, b"code")
    assert not old.exists()
    assert new.exists()
    assert cache.load("a" * 64) == b"code"


def test_a_file_without_end_is_not_read(folder: Path) -> None:
    cache.store("a" * 64, b"code")
    file = folder / f"{'a' * 64}.o"
    file.unlink()
    file.symlink_to("/dev/zero")
    assert cache.load("a" * 64) is None


def test_a_key_decides_what_a_file_may_hold(folder: Path) -> None:
    cache.store("a" * 64, b"code")
    (folder / f"{'a' * 64}.o").rename(folder / f"{'c' * 64}.o")
    assert cache.load("c" * 64) is None


def test_processes_that_start_together_agree(folder: Path) -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root), cache.VARIABLE: str(folder)}
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, cwd=root, env=environment) for _ in range(3)
    ]
    answers = {process.communicate()[0].strip() for process in running}
    assert all(process.returncode == 0 for process in running)
    assert len(answers) == 1
    assert len(list(folder.glob("*.o"))) == 1
    assert not list(folder.glob("*.part"))
