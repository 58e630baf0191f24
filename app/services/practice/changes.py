"""What changed, in order: behind every delta query stands one of these."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

_MOST_STALE = 1_000


class ChangeLog:
    """Each key has the number of its last change; numbers only grow. Finding the changes after a
    number costs their count, however many keys there are."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._keys: list[str] = []
        self._last: dict[str, int] = {}

    def note(self, key: str, number: int) -> None:
        """`number` must be greater than any before."""
        self._numbers.append(number)
        self._keys.append(key)
        self._last[key] = number
        if len(self._keys) > 2 * len(self._last) + _MOST_STALE:
            self._compact()

    def forget(self, key: str) -> None:
        self._last.pop(key, None)

    def between(self, after: int, upto: int) -> Iterator[tuple[int, str]]:
        """Number and key of what last changed in (after, upto], oldest change first."""
        at = bisect_right(self._numbers, after)
        for index in range(at, len(self._numbers)):
            number = self._numbers[index]
            if number > upto:
                return
            key = self._keys[index]
            if self._last.get(key) == number:
                yield number, key

    def before(self, number: int, count: int) -> int:
        """The number after which one begins so as to see `count` changes up to `number` again."""
        at = bisect_right(self._numbers, number)
        while at > 0 and count > 0:
            at -= 1
            count -= self._last.get(self._keys[at]) == self._numbers[at]
        return self._numbers[at - 1] if at > 0 else 0

    def _compact(self) -> None:
        alive = list(self.between(0, self._numbers[-1]))
        self._numbers = [number for number, _ in alive]
        self._keys = [key for _, key in alive]
