"""The experiments: each asks one question of the model and holds what it computes against what was published.

A band is written down with its source before the run and never fitted to it; a row whose band or parameter comes from the same
observation is marked as in sample, and one whose figure and band follow from the same parameter or input says what it restates. A
miss stays a miss and carries the cause that was found.
"""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.check import Band, Check, Experiment

__all__ = ["Band", "Bench", "Check", "Experiment", "Pair"]
