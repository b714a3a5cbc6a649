"""Result folders: written whole, read back, and audited from their files alone.

Names are loaded when they are first used: writing needs nothing of the auditor.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dollarflow.results.audit import FolderAudit, NotAResult, audit_folder
    from dollarflow.results.findings import Finding
    from dollarflow.results.folder import Unwritable, check_target, earlier_result, write_folder
    from dollarflow.results.ledger import Ledger, MissingFigure

__all__ = [
    "Finding",
    "FolderAudit",
    "Ledger",
    "MissingFigure",
    "NotAResult",
    "Unwritable",
    "audit_folder",
    "check_target",
    "earlier_result",
    "write_folder",
]

_HOMES = {
    "Finding": "dollarflow.results.findings",
    "FolderAudit": "dollarflow.results.audit",
    "Ledger": "dollarflow.results.ledger",
    "MissingFigure": "dollarflow.results.ledger",
    "NotAResult": "dollarflow.results.audit",
    "Unwritable": "dollarflow.results.folder",
    "audit_folder": "dollarflow.results.audit",
    "check_target": "dollarflow.results.folder",
    "earlier_result": "dollarflow.results.folder",
    "write_folder": "dollarflow.results.folder",
}


def __getattr__(name: str) -> Any:
    """The public name, loaded from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dollarflow.results' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
