"""The committed table of estimates, as text; :mod:`calibration.estimation` makes it."""

from __future__ import annotations

from importlib import resources

FILE = "estimates.toml"


def committed() -> str:
    """The committed table of estimates."""
    return resources.files("calibration").joinpath("data", FILE).read_text(encoding="utf-8")


__all__ = ["FILE", "committed"]
