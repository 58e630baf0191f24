"""What stands before every answer: the headers all of them bear, and no traceback for anybody."""

from __future__ import annotations

import logging
from base64 import b64encode
from hashlib import sha256

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services.crew.web.scoped import PAGE_STYLE, gone

LONGEST_PATH = 512
LONGEST_QUERY = 512
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'sha256-{b64encode(sha256(PAGE_STYLE.encode()).digest()).decode()}'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
"""No Strict-Transport-Security: with a self-made certificate it would lock phones out."""
_NAMES = frozenset(name for name, _ in HEADERS)

_log = logging.getLogger(__name__)


class Guard:
    """Around the whole app. What fails is logged by its kind, never with the path, which holds a
    secret."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # no sockets, no lifespan
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                own = [pair for pair in message.get("headers", ()) if pair[0] not in _NAMES]
                if not any(name == b"cache-control" for name, _ in own):
                    own.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*own, *HEADERS]}
            await send(message)

        try:
            long = len(scope.get("raw_path") or b"") > LONGEST_PATH
            if long or len(scope.get("query_string") or b"") > LONGEST_QUERY:
                await gone(scope)(scope, receive, with_headers)  # no link is so long
            else:
                await self._app(scope, receive, with_headers)
        except Exception as fault:  # noqa: BLE001  (whatever it is, nobody outside is shown it)
            _log.error("a request failed", exc_info=_without_values(fault))
            if not begun:
                said = "Something went wrong in the console; nothing was changed. Try again."
                await PlainTextResponse(said, 500)(scope, receive, with_headers)


def _without_values(fault: BaseException) -> BaseException:
    """Where it failed and its kind; its message may hold what was sent."""
    return RuntimeError(type(fault).__name__).with_traceback(fault.__traceback__)
