"""Roots and steady states."""
