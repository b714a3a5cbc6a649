"""Ensembles: many members of one run with drawn parameters and shocks, solved in chunks, stored as Zarr, read back as quantiles.

``request`` makes members of what a caller asks, ``runner`` solves them into a ``store``, ``result`` reads it. What varies is in
``variation`` (its files in ``variation_files``, the usual set in ``defaults``), how it is drawn in ``designs`` and ``distributions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dollarflow.ensembles.request import Asked, find_members, make_members
    from dollarflow.ensembles.result import Ensemble
    from dollarflow.ensembles.runner import run

_PLACES = {"Asked": "request", "find_members": "request", "make_members": "request", "Ensemble": "result", "run": "runner"}
__all__ = ["Asked", "Ensemble", "find_members", "make_members", "run"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'dollarflow.ensembles' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"dollarflow.ensembles.{_PLACES[name]}"), name)
