"""What was tried on one input: undo, redo, and a record that forgets nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class History(Generic[T]):
    """States of one thing, one of which is shown; every change makes a new history.

    Parameters
    ----------
    now : T
        The state that is shown.
    past, future : tuple
        What undo and redo lead to: the last of ``past``, the last of ``future``.
    tried : tuple
        Every state ever pushed, in order; undo takes nothing out of it.

    Examples
    --------
    >>> history = History("whole").push("without a corner").undo()
    >>> history.now, history.redo().now, history.tried
    ('whole', 'without a corner', ('without a corner',))
    """

    now: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()
    tried: tuple[T, ...] = ()

    def push(self, state: T) -> History[T]:
        """Show a new state, and record it; what was undone before can no longer be redone."""
        return History(state, (*self.past, self.now), (), (*self.tried, state))

    def undo(self) -> History[T]:
        """Show the state before; the same history where there is none."""
        if not self.past:
            return self
        return replace(
            self, now=self.past[-1], past=self.past[:-1], future=(*self.future, self.now)
        )

    def redo(self) -> History[T]:
        """Show what was undone last; the same history where nothing was."""
        if not self.future:
            return self
        return replace(
            self, now=self.future[-1], past=(*self.past, self.now), future=self.future[:-1]
        )

    def start_over(self) -> History[T]:
        """Show the first state again; the record stays, and undo leads back."""
        if not self.past:
            return self
        return replace(self, now=self.past[0], past=(*self.past, self.now), future=())
