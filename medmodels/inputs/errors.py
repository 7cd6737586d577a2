"""The one error a user may see."""

from __future__ import annotations


class InputError(ValueError):
    """An input cannot be read; says why in a clinician's words.

    Parameters
    ----------
    found : str
        What the file or the value turned out to be. Never holds names, paths
        or other content that could identify a person.
    expected : str
        What would have been readable.
    action : str
        What the user can do next.
    """

    def __init__(self, found: str, expected: str, action: str) -> None:
        super().__init__(f"Found: {found} Expected: {expected} What to do: {action}")
        self.found = found
        self.expected = expected
        self.action = action

    def alone(self) -> InputError:
        """Give the same error to be held: without its traceback.

        A traceback holds every call on the way to it with all that the calls held, the file
        that could not be read among it.
        """
        return InputError(self.found, self.expected, self.action)
