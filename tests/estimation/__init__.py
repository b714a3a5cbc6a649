"""Estimation: recovery of known curves, errors against a simulation, published points, and committed tables."""
