"""The register of the essays' claims: what each says, what the model or the published series give, and the verdict that follows."""

from __future__ import annotations

from dollarflow.claims.answers import Answer, Finding, answers
from dollarflow.claims.register import Claim, Link, chosen, claims

__all__ = ["Answer", "Claim", "Finding", "Link", "answers", "chosen", "claims"]
