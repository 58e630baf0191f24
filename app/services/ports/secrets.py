"""A place of the operating system for small secrets."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """`trusted` False: there is no safe place here, so nothing is kept beyond this run; `place`
    names it in the user's words."""

    @property
    def trusted(self) -> bool: ...

    @property
    def place(self) -> str: ...

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...
