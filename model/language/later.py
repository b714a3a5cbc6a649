"""A value that is worked out when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is computed once, when it is first read; copied and pickled as a value that is known.

    Parameters
    ----------
    compute
        Gives the value; must depend on nothing that changes.
    """

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute: Callable[[], T] | None = compute

    @classmethod
    def known(cls, value: T) -> Later[T]:
        """A value that is there already."""
        return cls(lambda: value)

    @cached_property
    def value(self) -> T:
        """The value; threads that ask at the same time may each compute it."""
        compute = self._compute
        if compute is not None:
            vars(self)["value"] = compute()
            self._compute = None  # only now: whoever finds nothing to compute finds the value
        found: T = vars(self)["value"]
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __reduce__(self) -> tuple[Callable[[T], Later[T]], tuple[T]]:
        return Later.known, (self.value,)


__all__ = ["Later"]
