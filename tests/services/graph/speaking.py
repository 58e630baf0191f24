"""A client that speaks with a script, does not sleep, and shows what it would have waited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from app.services.graph.client import GraphClient, Patience
from tests.services.graph.scripted import Answer, Script, scripted

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class TokenShop:
    """Hands out token-1, token-2 …: a new number for each fresh one."""

    def __init__(self) -> None:
        self.number = 1
        self.claims: list[str] = []

    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        if fresh:
            self.number += 1
            self.claims.append(claims)
        return f"token-{self.number}"

    def granted(self) -> frozenset[str]:
        return frozenset()


class Speaking:
    def __init__(self, script: Script, **options: Any) -> None:
        self.script = script
        self.tokens = TokenShop()
        self.waited: list[float] = []
        self.client = GraphClient(
            options.pop("base_url", script.url),
            self.tokens,
            loopback_only=options.pop("loopback_only", True),
            now=lambda: NOW,
            wait=self.waited.append,
            patience=options.pop("patience", Patience(connect=2, read=2, whole=5)),
        )


@contextmanager
def speaking(*answers: Answer, **options: Any) -> Iterator[Speaking]:
    with scripted(*answers) as script:
        spoken = Speaking(script, **options)
        try:
            yield spoken
        finally:
            spoken.client.close()
