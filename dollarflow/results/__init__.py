"""Result folders: written whole, read back, and audited from their files alone."""

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
