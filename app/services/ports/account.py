"""Who is signed in, and the token that proves it."""

from __future__ import annotations

from typing import Protocol


class Tokens(Protocol):
    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        """A bearer token for Microsoft Graph, from the cache or renewed (`fresh`: the last one
        was refused). `claims` answers a claims challenge. Raises SignInNeeded, Unreachable."""
        ...

    def granted(self) -> frozenset[str]:
        """The scopes of the last token, as the service spells them; empty when signed out."""
        ...
