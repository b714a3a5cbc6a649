"""Exact derivatives against closed forms and central differences of solved paths."""
