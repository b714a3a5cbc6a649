"""Accounts, identities, matrices, graphs and the audit."""
