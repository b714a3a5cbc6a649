"""Scenarios read from TOML, the shocks in them, and the line of each key."""
