"""Backtest: rivals and scores by hand, nothing of the window in its parameters, committed scores."""
