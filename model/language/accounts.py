"""The chart of accounts: sectors, instruments and flows, declared once.

A cell of the balance sheet is an (instrument, issuer, holder) triple. Everything that accounting knows follows from
the declaration; see :mod:`model.accounting.identities`, :mod:`model.accounting.bundles` and :mod:`model.accounting.matrices`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from model.language.names import LENGTH
from model.language.symbols import Parameter, Variable
from model.language.units import FLOW, USD, YEAR


class Valuation(Enum):
    """How an instrument's cells are valued."""

    PAR = "par"
    COUPON = "coupon"
    EQUITY = "equity"
    BOOK = "book"


PERIOD = Variable(LENGTH, YEAR, "length of the period")


@dataclass(frozen=True)
class Sector:
    """A balance sheet.

    Parameters
    ----------
    name
        Identifier, as in result files.
    letter
        Short column head in matrices.
    description
        One line of plain words.
    """

    name: str
    letter: str
    description: str = ""


@dataclass(frozen=True)
class Cell:
    """One entry of the balance sheet: ``holder`` owns ``instrument`` issued by ``issuer``."""

    instrument: str
    issuer: str
    holder: str

    @property
    def key(self) -> str:
        """The cell's variable name."""
        return f"{self.instrument}__{self.issuer}__{self.holder}"


@dataclass(frozen=True)
class Instrument:
    """A financial claim.

    Parameters
    ----------
    name, description
        Identifier and one line of plain words.
    cells
        Permitted (issuer, holder) pairs.
    valuation
        ``PAR``: face, never revalued. ``COUPON``: the (face, coupon) pair of :mod:`model.accounting.bundles`. ``EQUITY``: the
        issuer's net worth, shared among holders, accumulated from income and revaluation, never a residual. ``BOOK``: the
        value moves by a revaluation that an equation of the system gives.
    rate
        Name of the rate variable paid on the opening stock, or None.
    rates
        Exceptions by cell, as ((issuer, holder), rate) pairs: the Fed's own agency pool, for one.
    amortisation, price_yield
        For ``COUPON``: parameter of the amortisation rate per year and variable of the class's yield.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    valuation: Valuation = Valuation.PAR
    rate: Variable | None = None
    rates: tuple[tuple[tuple[str, str], Variable], ...] = ()
    amortisation: Parameter | None = None
    price_yield: Variable | None = None
    description: str = ""

    def rate_of(self, issuer: str, holder: str) -> Variable | None:
        """The rate variable paid in a cell."""
        return dict(self.rates).get((issuer, holder), self.rate)


@dataclass(frozen=True)
class Flow:
    """A payment that is not interest or a coupon: ``payer`` pays ``payee`` an amount (USD bn in the period).

    The amount is the variable ``pay__<kind>__<instrument>__<payer>__<payee>`` (instrument empty where none); an
    equation of the system gives it. A negative amount swaps the legs.
    """

    kind: str
    payer: str
    payee: str
    instrument: str = ""
    description: str = ""

    @property
    def key(self) -> str:
        """The payment's variable name."""
        return f"pay__{self.kind}__{self.instrument}__{self.payer}__{self.payee}"

    @property
    def variable(self) -> Variable:
        """The amount paid in the period, USD bn."""
        return Variable(self.key, USD, self.description)


@dataclass(frozen=True)
class Chart:
    """The set of sectors, instruments and flows.

    Raises
    ------
    ValueError
        A cell or flow that names an unknown sector or instrument, a repeated name, or a coupon instrument without yield.
    """

    sectors: tuple[Sector, ...]
    instruments: tuple[Instrument, ...]
    flows: tuple[Flow, ...] = ()
    period: Variable = PERIOD

    def __post_init__(self) -> None:
        names = [s.name for s in self.sectors]
        kinds = [i.name for i in self.instruments]
        for repeated in {n for n in names if names.count(n) > 1} | {k for k in kinds if kinds.count(k) > 1}:
            raise ValueError(f"{repeated!r} is declared twice in the chart of accounts")
        for instrument in self.instruments:
            for issuer, holder in instrument.cells:
                for sector in (issuer, holder):
                    if sector not in names:
                        raise ValueError(f"instrument {instrument.name!r} names the unknown sector {sector!r}; known: {names}")
                if issuer == holder:
                    raise ValueError(f"instrument {instrument.name!r}: {issuer!r} cannot hold its own liability")
            if instrument.valuation is Valuation.COUPON and (instrument.amortisation is None or instrument.price_yield is None):
                raise ValueError(f"coupon instrument {instrument.name!r} needs an amortisation parameter and a yield variable")
        for flow in self.flows:
            for sector in (flow.payer, flow.payee):
                if sector not in names:
                    raise ValueError(f"flow {flow.kind!r} names the unknown sector {sector!r}; known: {names}")
            if flow.instrument and flow.instrument not in kinds:
                raise ValueError(f"flow {flow.kind!r} names the unknown instrument {flow.instrument!r}; known: {kinds}")

    def cells(self, instrument: str | None = None) -> Iterator[Cell]:
        """Every cell, in order of declaration; of one instrument if named."""
        for name in self._cells if instrument is None else (instrument,):
            yield from self._cells.get(name, ())

    def instrument(self, name: str) -> Instrument:
        """The instrument of that name."""
        return self._instruments[name]

    @cached_property
    def _cells(self) -> dict[str, tuple[Cell, ...]]:
        return {item.name: tuple(Cell(item.name, issuer, holder) for issuer, holder in item.cells) for item in self.instruments}

    @cached_property
    def _instruments(self) -> dict[str, Instrument]:
        return {item.name: item for item in self.instruments}


def value(cell: Cell) -> Variable:
    """End-of-period value of a cell, USD bn: market value for coupons, face at par instruments."""
    return Variable(cell.key, USD, f"{cell.instrument} of {cell.issuer} held by {cell.holder}")


def face(cell: Cell) -> Variable:
    """End-of-period face N of a coupon cell, USD bn."""
    return Variable(f"{cell.key}__face", USD, f"face of {cell.instrument} held by {cell.holder}")


def coupon(cell: Cell) -> Variable:
    """Annual coupon dollars C of a coupon cell at the end of the period, USD bn per year."""
    return Variable(f"{cell.key}__coupon", FLOW, f"annual coupon of {cell.instrument} held by {cell.holder}")


def transaction(cell: Cell) -> Variable:
    """Net acquisition by the holder in the period at current prices, USD bn."""
    return Variable(f"{cell.key}__tr", USD, f"net acquisition of {cell.instrument} of {cell.issuer} by {cell.holder}")


def revaluation(cell: Cell) -> Variable:
    """Revaluation of a non-par cell in the period, USD bn."""
    return Variable(f"{cell.key}__rv", USD, f"revaluation of {cell.instrument} of {cell.issuer} held by {cell.holder}")


def primary(cell: Cell) -> Variable:
    """New issue at par taken up by the holder in the period, USD bn (value = face)."""
    return Variable(f"{cell.key}__primary", USD, f"new {cell.instrument} bought at issue by {cell.holder}")


def secondary(cell: Cell) -> Variable:
    """Net purchase in the secondary market in the period at today's price, USD bn; negative = sale of a slice of the own bundle."""
    return Variable(f"{cell.key}__secondary", USD, f"net secondary purchase of {cell.instrument} by {cell.holder}")


def interest(cell: Cell) -> Variable:
    """Interest (par) or coupon paid in the period on the opening stock, issuer to holder, USD bn."""
    return Variable(f"int__{cell.key}", USD, f"interest on {cell.instrument} from {cell.issuer} to {cell.holder}")


def total(instrument: str) -> Variable:
    """Sum of an instrument's cells, USD bn; its name is the instrument's."""
    return Variable(instrument, USD, f"total of {instrument}")


def net_worth(sector: str) -> Variable:
    """Assets less liabilities of a sector, USD bn."""
    return Variable(f"net_worth__{sector}", USD, f"net worth of {sector}")
