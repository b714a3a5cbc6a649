"""The citation file, the licence and the package's own data agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    """The package's own data."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def entry(key: str) -> str:
    """A line of the citation file."""
    (found,) = re.findall(rf"^{key}: (.*)$", CITATION, re.MULTILINE)
    return str(found)


def test_citation_names_version_and_licence_of_the_package() -> None:
    assert entry("cff-version") == "1.2.0"
    assert entry("version") == project()["version"]
    assert entry("license") == project()["license"] == "MIT"
    assert {"message", "title", "authors", "type"} <= set(re.findall(r"^([\w-]+):", CITATION, re.MULTILINE))


def test_licence_is_the_one_named() -> None:
    text = (ROOT / project()["license-files"][0]).read_text(encoding="utf-8")
    assert text.startswith("MIT License\n")
    assert "WITHOUT WARRANTY OF ANY KIND" in text


def test_citation_is_valid_against_the_schema() -> None:
    reader = pytest.importorskip("cffconvert", reason="cffconvert, which has the schema, is not installed")
    reader.Citation(CITATION).validate()
