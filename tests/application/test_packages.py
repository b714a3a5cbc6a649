"""Packages that a plain installation leaves out: the command that needs one says which extra brings it."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from dollarflow.cli import call
from dollarflow.packages import EXTRAS

ROOT = Path(__file__).parents[2]


def test_an_absent_package_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    out = tmp_path / "store"
    assert call(["ensemble", "baseline", "--draws", "2", "--periods", "1", "--out", str(out)]) == 2
    assert "needs the package zarr; install it with pip install 'dollarflow[ensemble]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_every_extra_that_is_named_exists() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(EXTRAS.values()) <= set(declared)
