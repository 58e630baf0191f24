"""So many a second and no more, of each; in memory that does not grow with who asks."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Buckets:
    """Each key may do `burst` at once and `rate` a second from then on. Of more than `most` keys
    the one heard of longest ago is forgotten, which only ever lets somebody do more."""

    def __init__(
        self,
        rate: float,
        burst: int,
        most: int = 4_096,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._burst, self._most, self._monotonic = rate, burst, most, monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """False: too many; ask again in a while."""
        now = self._monotonic()
        left, at = self._left.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - at) * self._rate)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return allowed
