"""The audit of a path: a list of checks, one runner, and a report that prints or raises."""

from __future__ import annotations

from dataclasses import dataclass

from model.accounting.checks import (
    Check,
    check_accumulation,
    check_budgets,
    check_certificates,
    check_equity,
    check_hidden,
    check_interest,
    check_issues,
    check_negative,
    check_net_worth,
    check_numbers,
    check_par,
    check_payments,
    check_secondary,
)
from model.accounting.coupon_checks import check_redemption, check_revaluation, check_valuation
from model.accounting.violation import Violation
from model.periods.path import Path

CHECKS: tuple[Check, ...] = (
    check_numbers,
    check_budgets,
    check_payments,
    check_issues,
    check_accumulation,
    check_interest,
    check_negative,
    check_par,
    check_equity,
    check_secondary,
    check_valuation,
    check_revaluation,
    check_redemption,
    check_net_worth,
    check_hidden,
    check_certificates,
)


class AuditFailure(Exception):
    """A path that breaks a law of accounting; carries the report."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Parameters
    ----------
    checks
        Names of the checks that ran.
    periods, cells
        How much they covered.
    violations
        What is wrong, in the order of the checks.
    """

    checks: tuple[str, ...]
    periods: int
    cells: int
    violations: tuple[Violation, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations

    def __str__(self) -> str:
        head = f"{len(self.checks)} checks over {self.periods} periods and {self.cells} cells"
        if self.sound:
            return f"{head}: nothing leaks"
        count = len(self.violations)
        return "\n".join([f"{head}: {count} violation{'s' if count > 1 else ''}", *(f"- {v}" for v in self.violations)])

    def require(self) -> Report:
        """The report itself where it is sound.

        Raises
        ------
        AuditFailure
            Something is wrong.
        """
        if not self.sound:
            raise AuditFailure(self)
        return self


def audit(path: Path, checks: tuple[Check, ...] = CHECKS) -> Report:
    """Every check on every solved period of a path.

    Parameters
    ----------
    path
        A simulation; without a chart of accounts only numbers, certificates and hidden identities are checked.
    checks
        What to run.
    """
    found = tuple(violation for check in checks for violation in check(path))
    cells = 0 if path.system.chart is None else len(tuple(path.system.chart.cells()))
    return Report(tuple(check.__name__.removeprefix("check_") for check in checks), path.periods, cells, found)
