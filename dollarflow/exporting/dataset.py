"""A result as an xarray dataset: variables by period, cells by period, payments as a list; units are attributes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import BadInput
from dollarflow.exporting.tables import Frame, Record
from dollarflow.results.schema import CELL

if TYPE_CHECKING:
    import xarray as xr

CELLS = ("holdings", "transactions", "revaluations")
PERIOD, PLACE, PAYMENT = "period", "cell", "payment"


def needed(package: str, use: str) -> None:
    """Refuses what an absent package is needed for, and names the extra that brings it.

    Raises
    ------
    BadInput
        The package is not installed.
    """
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise BadInput(f"{use} needs the package {package}; install it with pip install 'dollarflow[export]'")


def dataset(record: Record) -> xr.Dataset:
    """The record as a dataset.

    Returns
    -------
    Dataset
        Dimensions ``period`` (0 the opening, with coordinate ``date``), ``cell`` (coordinates ``instrument``, ``issuer``,
        ``holder``) and ``payment`` (coordinates ``payment_period``, ``kind``, ``payment_instrument``, ``payer``, ``payee``).
        A variable of the path has its own name and shape (period,); ``holdings_value``, ``holdings_face``, ``holdings_coupon``,
        ``transactions_amount`` and ``revaluations_amount`` have shape (period, cell), not-a-number in period 0 where flows have
        none; ``payments_amount`` has shape (payment,). Attribute ``units`` of each: ``USD bn``, ``1 / yr`` (decimals per
        year) and the like.

    Raises
    ------
    BadInput
        xarray is not installed.
    """
    needed("xarray", "a dataset")
    import xarray as xr

    path = record.path
    periods = path[PERIOD].values
    days = np.array(path["date"].values, dtype="datetime64[D]").astype("datetime64[ns]")
    variables: dict[str, Any] = {
        column.name: (PERIOD, column.values, {"units": column.unit} if column.unit else {}) for column in path.columns if column.figures
    }
    keys = list(dict.fromkeys(key for name in CELLS for key in _keys(record.frames[name])))
    place = {key: number for number, key in enumerate(keys)}
    for name in CELLS:
        frame = record.frames[name]
        rows = frame[PERIOD].values - periods[0]
        columns = np.array([place[key] for key in _keys(frame)], dtype=np.int64)
        for column in frame.columns:
            if column.figures:
                grid: NDArray[np.float64] = np.full((len(periods), len(keys)), np.nan)
                grid[rows, columns] = column.values
                variables[f"{name}_{column.name}"] = ((PERIOD, PLACE), grid, {"units": column.unit})
    payments = record.frames["payments"]
    variables["payments_amount"] = (PAYMENT, payments["amount"].values, {"units": payments["amount"].unit})
    coordinates: dict[str, Any] = {
        PERIOD: (PERIOD, periods),
        "date": (PERIOD, days),
        **{label: (PLACE, _texts([key[j] for key in keys])) for j, label in enumerate(CELL)},
        "payment_period": (PAYMENT, payments[PERIOD].values),
        "kind": (PAYMENT, _texts(payments["kind"].values)),
        "payment_instrument": (PAYMENT, _texts(payments["instrument"].values)),
        "payer": (PAYMENT, _texts(payments["payer"].values)),
        "payee": (PAYMENT, _texts(payments["payee"].values)),
    }
    about = {key: item if isinstance(item, int | str) else json.dumps(item, sort_keys=True) for key, item in record.about.items()}
    return xr.Dataset(variables, coordinates, {"title": record.title, **about})


def _keys(frame: Frame) -> list[tuple[str, str, str]]:
    """The cell of each row of a long table."""
    instruments, issuers, holders = (frame[label].values.tolist() for label in CELL)
    return list(zip(instruments, issuers, holders, strict=True))


def _texts(values: Any) -> NDArray[Any]:
    return np.array(list(values), dtype=object)
