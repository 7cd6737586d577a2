"""A property that is computed once for each object, and holds up no other object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator, as `property` is
    """``functools.cached_property`` as it is from Python 3.12 on.

    Before, one lock for all objects of a class is held while it computes: with twenty
    visitors, whoever wants a map waits until the networks have answered all others.

    Parameters
    ----------
    make : callable
        Given the object, returns the value.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, one: Any, owner: type | None = None) -> T:
        """Compute the value and leave it in the property's place."""
        found: T = self._make(one)
        one.__dict__[self._name] = found
        return found
