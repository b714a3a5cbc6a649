"""Benchmarks: ratios against references that run in the same process, never times asserted in tests."""
