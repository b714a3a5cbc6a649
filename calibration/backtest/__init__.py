"""Backtests: history forecast from an opening and policy's paths alone, with parameters older than it, against naive rivals."""
