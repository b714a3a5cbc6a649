"""Forecasts from an opening with a caller's policy paths, and their error bands."""
