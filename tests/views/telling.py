"""Nobody to tell."""

from __future__ import annotations

from collections.abc import Callable


class Silent:
    """Implements `Telling`; an error is a failure of the test."""

    def info(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None: ...

    def remark(
        self,
        sentence: str,
        /,
        *,
        action: tuple[str, Callable[[], object]] | None = None,
        warn: bool = False,
    ) -> None: ...

    def count_down(
        self, sentence: str, action: tuple[str, Callable[[], object]], seconds: int, /
    ) -> None: ...

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        raise AssertionError(sentence)
