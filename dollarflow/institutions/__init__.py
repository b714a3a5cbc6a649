"""Generated institutions: run under a shock, audited, summed up and written as a result folder of members."""

from __future__ import annotations

from dollarflow.institutions.run import Run, run_institutions

__all__ = ["Run", "run_institutions"]
