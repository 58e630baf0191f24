"""Whom the views tell in tests: nobody, or one who keeps what was said."""

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

    def withdraw(self, sentence: str, /) -> None: ...


class Told:
    """Keeps every sentence, in the order in which they came."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def info(self, sentence: str, /, *, action: object = None) -> None:
        self.sentences.append(sentence)

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None:
        self.sentences.append(sentence)

    def error(self, sentence: str, /, *, action: object = None) -> None:
        self.sentences.append(sentence)
