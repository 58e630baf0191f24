"""Typed errors. The message is for the user: what happened, what is safe, what to do next."""

from __future__ import annotations


class ConsoleError(Exception):
    """A refusal the user should read. `code` is stable for tests, JSON and help."""

    code = "error"

    def __init__(self, sentence: str, **about: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.about = about


class BadInput(ConsoleError):
    """What was typed or read cannot be used; nothing was changed."""

    code = "bad_input"


class NotFound(ConsoleError):
    """The thing named does not exist (or is archived)."""

    code = "not_found"


class NotAllowed(ConsoleError):
    """A rule forbids the act now; the sentence says which rule and what would allow it."""

    code = "not_allowed"


class Stale(ConsoleError):
    """Someone changed the row since it was seen; nothing was overwritten."""

    code = "stale"


class StoreTrouble(ConsoleError):
    """The store cannot be opened or written (disk full, read-only, damaged, newer)."""

    code = "store"
