"""What goes wrong next in a service kept in memory: laid out by a test, or drawn by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.services.ports.trouble import RemoteTrouble


@dataclass(frozen=True)
class Fault:
    """`after`: the effect is there, only its answer is lost."""

    trouble: RemoteTrouble
    after: bool = False


class Weather:
    """`draw` is asked at each act for which nothing was laid out."""

    def __init__(self, draw: Callable[[str], Fault | None] | None = None) -> None:
        self.draw = draw
        self._laid: list[tuple[str, Fault]] = []

    def lay(self, act: str, trouble: RemoteTrouble, *, after: bool = False) -> None:
        """The next `act` meets this trouble."""
        self._laid.append((act, Fault(trouble, after)))

    def over(self, act: str) -> Over:
        """Around the effect of an act."""
        for at, (name, fault) in enumerate(self._laid):
            if name == act:
                del self._laid[at]
                return Over(fault)
        return Over(self.draw(act) if self.draw is not None else None)


class Over:
    def __init__(self, fault: Fault | None) -> None:
        self._fault = fault

    def __enter__(self) -> None:
        if self._fault is not None and not self._fault.after:
            raise self._fault.trouble

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._fault is not None and self._fault.after and kind is None:
            raise self._fault.trouble
