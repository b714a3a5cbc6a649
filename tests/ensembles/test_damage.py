"""Stores of which files were lost, changed, moved, or are written by two processes at once."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from dollarflow.ensembles.distributions import Distribution
from dollarflow.ensembles.locks import Hold
from dollarflow.ensembles.members import Members
from dollarflow.ensembles.result import Ensemble
from dollarflow.ensembles.runner import run
from dollarflow.ensembles.store import METADATA
from dollarflow.ensembles.variation import Factor, Variation
from dollarflow.errors import BadInput
from tests.ensembles.economies import digests, formula_members, parameters, toy_members

CHUNK = 8


def failing_members() -> Members:
    """32 members of which the half with a negative argument of a logarithm have no solution."""
    (a,) = parameters("a")
    return formula_members(sp.log(a), Variation((Factor("a", Distribution("uniform", low=-1.0, high=1.0)),)), 32, "sobol")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store with members that failed."""
    place = tmp_path_factory.mktemp("finished") / "store"
    run(failing_members(), place, chunk=CHUNK)
    return place


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished store."""
    return Path(shutil.copytree(finished, tmp_path / "store"))


def files(store: Path) -> list[str]:
    return [name for name in digests(store) if "/c/" in name]


def read(store: Path) -> None:
    found = Ensemble.open(store)
    assert len(found.quantiles("y")) == 2
    assert len(found.failures) == 16
    assert len(found.certificates) == 32


def again(store: Path) -> int:
    """Resumes a store; how many members were there."""
    seen: list[int] = []
    run(failing_members(), store, chunk=CHUNK, resume=True, progress=lambda done, total: seen.append(done))
    return seen[0]


def test_every_chunk_has_a_file_in_every_array(finished: Path, tmp_path: Path) -> None:
    assert len(files(finished)) == 9 * 4
    run(toy_members(), tmp_path / "toy", chunk=CHUNK, summary=True)
    assert len(files(tmp_path / "toy")) == 10 * 3


def test_any_lost_file_is_written_again(finished: Path, store: Path) -> None:
    whole = digests(finished)
    for name in files(finished)[1::4]:
        (store / name).unlink()
        assert again(store) == 32 - CHUNK, name
        assert digests(store) == whole
    for array in ("diagnosis", "failed_period", "status"):
        shutil.rmtree(store / array / "c")
    assert again(store) == 0
    assert digests(store) == whole


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty", "longer", "pipe"])
def test_a_changed_file_is_noticed_by_readers_and_written_again(finished: Path, store: Path, damage: str) -> None:
    whole = digests(finished)
    every = {name.partition("/")[0] for name in files(finished)}
    for array in sorted(every if damage == "flipped" else {"values", "status"}):
        (file,) = (store / name for name in files(finished) if name.startswith(f"{array}/c/2"))
        content = file.read_bytes()
        if damage == "flipped":
            middle = len(content) // 2
            file.write_bytes(content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :])
        elif damage == "truncated":
            file.write_bytes(content[: len(content) // 2])
        elif damage == "empty":
            file.write_bytes(b"")
        elif damage == "longer":
            file.write_bytes(content + b"\0")
        else:
            file.unlink()
            os.mkfifo(file)
        if array in ("values", "diagnosis", "certificates") or (array, damage) == ("status", "flipped"):
            with pytest.raises(BadInput, match=rf"damaged: .*{array}.*--resume solves its chunk again"):
                read(store)
        assert again(store) == 32 - CHUNK
        assert digests(store) == whole


def test_a_lost_file_is_not_read_as_nothing(store: Path) -> None:
    shutil.rmtree(store / "diagnosis" / "c")
    with pytest.raises(BadInput, match=r"diagnosis/c/0/0 is gone; --resume"):
        _ = Ensemble.open(store).failures
    with pytest.raises(BadInput, match=r"diagnosis/c/0/0 is gone; --resume"):
        Ensemble.open(store).xarray()


@pytest.mark.parametrize("content", [None, b"", b'{"shape": [7]}'])
def test_a_lost_description_of_an_array_is_restored(finished: Path, store: Path, content: bytes | None) -> None:
    for array in ("values", "status"):
        file = store / array / METADATA
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        with pytest.raises(BadInput, match=rf"damaged: the array '{array}'.*--resume"):
            Ensemble.open(store).quantiles("y")
        assert again(store) == 32
        assert digests(store) == digests(finished)


@pytest.mark.parametrize("name", [f"values/{METADATA}", "values/c/1/0/0", "values/c/1"])
def test_what_is_in_the_way_of_a_file_is_named(finished: Path, store: Path, name: str) -> None:
    place = store / name
    if place.is_dir():
        shutil.rmtree(place)
        place.touch()
    else:
        place.unlink()
        place.mkdir()
    with pytest.raises(BadInput, match=rf"cannot write the store .*{name}[/0]* is in the way of a file; remove it"):
        again(store)
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    again(store)
    assert digests(store) == digests(finished)


def test_a_store_that_lacks_its_identity_is_refused(store: Path) -> None:
    (store / METADATA).write_bytes(b'{"attributes": {"format": "dollarflow ensemble", "version": 2}}')
    with pytest.raises(BadInput, match="lacks identity"):
        again(store)
    (store / METADATA).unlink()
    os.mkfifo(store / METADATA)
    with pytest.raises(BadInput, match="no ensemble"):
        again(store)


def test_a_process_that_writes_keeps_others_out(tmp_path: Path) -> None:
    place = tmp_path / "store"
    refused: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        with pytest.raises(BadInput, match="another process is writing the store") as caught:
            run(toy_members(), place, chunk=CHUNK, resume=True)
        refused.append(str(caught.value))

    run(toy_members(), place, chunk=CHUNK, progress=meanwhile)
    assert len(refused) == 4
    run(toy_members(), tmp_path / "other", chunk=CHUNK)
    assert digests(place) == digests(tmp_path / "other")


def test_a_store_moved_while_it_is_written_is_continued_where_it_is(tmp_path: Path) -> None:
    place, moved = tmp_path / "store", tmp_path / "moved"

    def move(done: int, total: int) -> None:
        if done == CHUNK:
            place.rename(moved)

    with pytest.raises(BadInput, match="moved or removed"):
        run(toy_members(), place, chunk=CHUNK, progress=move)
    assert not place.exists()
    run(toy_members(), moved, chunk=CHUNK, resume=True)
    run(toy_members(), place, chunk=CHUNK)
    assert digests(moved) == digests(place)


def test_a_store_removed_after_it_was_opened_is_said_to_be_gone(store: Path) -> None:
    found = Ensemble.open(store)
    shutil.rmtree(store)
    with pytest.raises(BadInput, match="moved or removed since it was opened"):
        found.quantiles("y")


def test_folders_of_a_process_killed_while_it_began_a_store_are_removed(tmp_path: Path) -> None:
    place = tmp_path / "store"
    left, alive = tmp_path / f".store.{'a' * 32}.partial", tmp_path / f".store.{'b' * 32}.partial"
    others = [tmp_path / f".other.{'a' * 32}.partial", tmp_path / ".store.notes.partial", tmp_path / "store.partial"]
    for folder in (left / "values", alive, *others):
        folder.mkdir(parents=True)
    hold = Hold(alive)
    run(toy_members(), place, chunk=CHUNK)
    hold.close()
    assert not left.exists()
    assert all(folder.exists() for folder in (alive, *others))


BEGUN = """
import os, signal, sys
from pathlib import Path
from dollarflow.ensembles.runner import run
from tests.ensembles.economies import toy_members
place, last = sys.argv[1], int(sys.argv[2])
steps = 0
def step(event, given):
    global steps
    if event in ("open", "os.mkdir", "os.rename", "os.remove") and place in str(given[0]):
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
members = toy_members()
sys.addaudithook(step)
run(members, Path(place), chunk=8, resume=True)
"""


@pytest.mark.slow
def test_a_process_killed_at_any_step_leaves_what_can_be_resumed(tmp_path: Path) -> None:
    run(toy_members(), tmp_path / "whole", chunk=CHUNK)
    whole, place = digests(tmp_path / "whole"), tmp_path / "kept" / "store"
    for last in (2, 7, 19, 31, 60, 130):
        shutil.rmtree(place.parent, ignore_errors=True)
        process = subprocess.run([sys.executable, "-c", BEGUN, str(place), str(last)], check=False)
        assert process.returncode == -signal.SIGKILL
        run(toy_members(), place, chunk=CHUNK, resume=True)
        assert digests(place) == whole
        assert [entry.name for entry in place.parent.iterdir()] == ["store"]


def test_a_full_disk_is_said_and_leaves_what_can_be_resumed(tmp_path: Path) -> None:
    place = tmp_path / "store"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(done: int, total: int) -> None:
        if done == CHUNK:
            resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))

    try:
        with pytest.raises(BadInput, match=r"cannot write the store .*File too large; what is there can be resumed"):
            run(toy_members(), place, chunk=CHUNK, progress=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(place.rglob("*.partial"))
    assert Ensemble.open(place).solved == CHUNK
    run(toy_members(), place, chunk=CHUNK, resume=True)
    run(toy_members(), tmp_path / "whole", chunk=CHUNK)
    assert digests(place) == digests(tmp_path / "whole")


def test_a_reader_beside_the_writer_sees_finished_chunks_alone(tmp_path: Path) -> None:
    place = tmp_path / "store"
    seen: list[int] = []

    def look(done: int, total: int) -> None:
        found = Ensemble.open(place)
        values = found.xarray()["values"].to_numpy()
        assert np.isfinite(values[:done]).all()
        assert np.isnan(values[done:]).all()
        assert found.solved == done
        seen.append(len(found.quantiles("reserves")))

    run(toy_members(), place, chunk=CHUNK, progress=look)
    assert seen == [6, 6, 6, 6]


def test_nothing_is_left_of_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
        with pytest.raises(BadInput, match=r"cannot write the store .*File too large"):
            run(toy_members(), tmp_path / "store", chunk=CHUNK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())
