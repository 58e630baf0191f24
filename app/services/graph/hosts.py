"""Where requests may go: Graph's own host, and for pieces of files Outlook's."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from app.services.graph import words
from app.services.ports.trouble import Unreachable

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UPLOADS = frozenset(
    {
        "outlook.office.com",
        "outlook.office365.com",
        "outlook.office365.us",
        "outlook-dod.office365.us",
        "partner.outlook.cn",
    }
)
_PORTS = {"https": 443, "http": 80}


class Hosts:
    """In earnest nothing goes in the clear; with `loopback_only` nothing leaves this machine."""

    def __init__(self, base_url: str, loopback_only: bool) -> None:
        self._base_url = base_url
        self._origin = _origin(base_url)
        self._loopback_only = loopback_only

    def ours(self, link: str) -> bool:
        """Whether a link leads to the same scheme, host and port as everything else."""
        return _origin(link) == self._origin

    def at_home(self, kept: str) -> str:
        """A link that was kept, empty when it leads elsewhere. Practice has another port at each
        start but remembers all its places, so there the link is followed to where practice is."""
        if self.ours(kept):
            return kept
        if self._loopback_only and _origin(kept)[1] in LOOPBACK:
            there, base = urlsplit(kept), urlsplit(self._base_url)
            return urlunsplit((base.scheme, base.netloc, *there[2:]))
        return ""

    def check(self, url: str) -> None:
        """Raises Unreachable."""
        scheme, host, _ = _origin(url)
        if self._loopback_only and host not in LOOPBACK:
            raise Unreachable(words.PRACTICE_ONLY)
        if scheme != "https" and host not in LOOPBACK:
            raise Unreachable(words.ELSEWHERE)

    def check_upload(self, url: str) -> None:
        """Raises Unreachable."""
        self.check(url)
        if not self._loopback_only and _origin(url)[1] not in UPLOADS:
            raise Unreachable(words.ELSEWHERE)


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, -1)
    except ValueError:
        return "", "", -1
    return parts.scheme, (parts.hostname or "").casefold(), port


def segment(text: str) -> str:
    """An id or address as one segment of a path."""
    return quote(text, safe="@")
