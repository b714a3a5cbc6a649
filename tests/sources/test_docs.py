"""What is written about data sources: examples run, every check and publisher is told, heavy libraries stay out."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import calibration.sources
from calibration.sources import CHECKS, catalogue

ROOT = Path(calibration.sources.__file__).parents[2]
MODULES = [item.name for item in pkgutil.walk_packages(calibration.sources.__path__, "calibration.sources.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_check_is_raised_somewhere_and_documented() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "calibration" / "sources").rglob("*.py") if path.name != "findings.py"
    )
    assert [name for name in CHECKS if f'"{name}"' not in code] == []


@pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="documentation is not installed with the package")
def test_the_page_names_every_check_and_publisher() -> None:
    page = (ROOT / "docs" / "data_sources.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")]
    assert [name for name in CHECKS if name not in rows] == []
    assert [name for name in catalogue().publishers if name not in rows] == []


def test_reading_needs_no_http_library() -> None:
    code = "import sys, calibration.sources; sys.exit(any(name in sys.modules for name in ('httpx', 'pandas', 'numba')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
