"""The HTTP client MSAL gets from us: one that never waits for ever, and one for practice that
reaches nothing but this machine."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def trusted() -> ssl.SSLContext:
    """Whom the operating system trusts, a company's own authority among them, and whom browsers
    do."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context


class _Trusting(HTTPAdapter):
    def __init__(self) -> None:
        self._context = trusted()
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **more)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **more)


class PatientSession(requests.Session):
    """Follows the machine's proxies and certificates."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self.mount("https://", _Trusting())

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> Any:
        more.setdefault("timeout", self._seconds)
        return super().request(method, url, *args, **more)


class LoopbackSession(PatientSession):
    """Trusts the practice tenant's certificate alone, and refuses every other host. The
    environment has no say: with REQUESTS_CA_BUNDLE set, requests would not heed `verify`."""

    def __init__(self, ca_pem: Path, seconds: float) -> None:
        super().__init__(seconds)
        self.mount("https://", HTTPAdapter())
        self.trust_env = False
        self.verify = str(ca_pem)

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        """Every request passes here, those that follow a redirect, too."""
        if urlsplit(request.url or "").hostname not in LOOPBACK:
            raise requests.ConnectionError("practice reaches this machine only")
        return super().send(request, **more)
