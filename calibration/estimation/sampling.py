"""Posterior samples of a relation's parameters by an affine-invariant ensemble sampler (Goodman and Weare 2010), with ``emcee``.

The log likelihood is that of independent normal errors divided by what serial correlation adds to the variance of the estimates, so that
the posterior is as wide as the Newey-West errors say; priors and bounds are those of the fit.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass

import numpy as np

from calibration.estimation.expressions import Floats, evaluate
from calibration.estimation.fitting import Fit
from calibration.estimation.profiles import naive_error
from calibration.estimation.study import Study

WALKERS_A_PARAMETER = 4
BURNED = 0.3
SPREAD = 0.1
SEED = 20251231
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
COLUMNS = ("parameter", "unit", "estimate", "error", "mean", "deviation", *(f"q{1000 * level:03.0f}" for level in QUANTILES))


class NoSampler(ImportError):
    """The sampler is not installed."""


@dataclass(frozen=True)
class Sample:
    """A sample of a posterior.

    Parameters
    ----------
    names
        Parameters in order.
    draws
        Shape (draws, parameters), in the units of the fit, burn-in left out.
    acceptance
        Part of the proposals that were accepted.
    time
        Integrated autocorrelation time of the slowest parameter, in steps; nan where the chain is too short to tell.
    """

    names: tuple[str, ...]
    draws: Floats
    acceptance: float
    time: float


def widening(fit: Fit) -> float:
    """What serial correlation multiplies the variance of the estimates by, the median over the parameters; one at least."""
    ratios = [(fit.errors[item.name] / naive_error(fit, item.name)) ** 2 for item in fit.relation.unknowns]
    return max(float(np.median(ratios)), 1.0)


def sampled(fit: Fit, steps: int = 1500, seed: int = SEED) -> Sample:
    """A sample of the posterior of a fit.

    Parameters
    ----------
    fit
        The estimate: its sample, priors and bounds.
    steps
        Steps of each walker, the first three tenths of which are burned.
    seed
        Of the random numbers; the same seed gives the same sample.

    Raises
    ------
    NoSampler
        ``emcee`` is not installed.
    """
    try:
        import emcee
    except ImportError:
        raise NoSampler("posterior samples need the package emcee; install it with pip install 'dollarflow[estimation]'") from None
    items = fit.relation.unknowns
    names = tuple(item.name for item in items)
    lower, upper = np.array([item.lower for item in items]), np.array([item.upper for item in items])
    prior, deviation = np.array([item.prior for item in items]), np.array([item.deviation for item in items])
    tempered = widening(fit) * fit.noise**2

    def log_posterior(theta: Floats) -> float:
        if (theta < lower).any() or (theta > upper).any():
            return -math.inf
        said = evaluate(fit.relation.expression, {**fit.regressors, **dict(zip(names, theta.tolist(), strict=True))})
        loss = float(np.sum((fit.observed - said) ** 2)) / tempered + float(np.sum(((theta - prior) / deviation) ** 2))
        return -loss / 2 if math.isfinite(loss) else -math.inf

    state = np.random.RandomState(seed)
    walkers = max(WALKERS_A_PARAMETER * len(items), 8)
    centre, errors = np.array([fit.values[name] for name in names]), np.array([fit.errors[name] for name in names])
    start = np.clip(centre + SPREAD * errors * state.standard_normal((walkers, len(items))), lower + 1e-9, upper - 1e-9)
    sampler = emcee.EnsembleSampler(walkers, len(items), log_posterior)
    sampler.run_mcmc(emcee.State(start, random_state=state.get_state()), steps)
    kept = np.asarray(sampler.get_chain(discard=round(BURNED * steps), flat=True), dtype=np.float64)
    times = sampler.get_autocorr_time(quiet=True, tol=0)
    return Sample(names, kept, float(np.mean(sampler.acceptance_fraction)), float(np.max(times)))


def sample_csv(study: Study, found: Sample) -> str:
    """Mean, deviation and quantiles of each parameter beside its estimate, as CSV in the model's units."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place, name in enumerate(found.names):
        item, draws = study.reported[name], found.draws[:, place]
        levels = np.quantile(draws, QUANTILES)
        numbers = (study.fit.values[name], study.fit.errors[name], float(draws.mean()), float(draws.std()), *levels.tolist())
        writer.writerow([item.parameter, item.unit, *(f"{item.factor * value:.6g}" for value in numbers)])
    return stream.getvalue()
