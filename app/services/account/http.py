"""The HTTP client MSAL gets from us: one that never waits for ever, and one for practice that
reaches nothing but this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class PatientSession(requests.Session):
    """Follows the machine's proxies and certificates."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> Any:
        more.setdefault("timeout", self._seconds)
        return super().request(method, url, *args, **more)


class LoopbackSession(PatientSession):
    """Trusts the practice tenant's certificate alone, and refuses every other host. The
    environment has no say: with REQUESTS_CA_BUNDLE set, requests would not heed `verify`."""

    def __init__(self, ca_pem: Path, seconds: float) -> None:
        super().__init__(seconds)
        self.trust_env = False
        self.verify = str(ca_pem)

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        """Every request passes here, those that follow a redirect, too."""
        if urlsplit(request.url or "").hostname not in LOOPBACK:
            raise requests.ConnectionError("practice reaches this machine only")
        return super().send(request, **more)
