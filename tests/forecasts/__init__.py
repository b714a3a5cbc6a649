"""Forecasts: plans in plain units, bands repeatable and ordered, noise of known sizes, an exogenous file that a run reproduces."""
