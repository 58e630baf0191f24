"""What the practice tenant answers when it declines, in Graph's words and shape."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_CLAIMS = b64encode(b'{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}').decode()


class Refusal(Exception):
    """An answer other than success. Nothing was done unless the docstring of the route says so."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.inner = dict(inner or {})

    def body(self, now: datetime, request_id: str, client_request_id: str) -> dict[str, Any]:
        """`innerError.date` has no zone suffix, as in Graph."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    **self.inner,
                    "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
                    "request-id": request_id,
                    "client-request-id": client_request_id,
                },
            }
        }


def not_found() -> Refusal:
    return Refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def bad(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)


def denied(message: str = "Access is denied. Check credentials and try again.") -> Refusal:
    return Refusal(403, "ErrorAccessDenied", message)


def no_mailbox(address: str) -> Refusal:
    return Refusal(
        404,
        "ErrorNonExistentMailbox",
        f"The SMTP address '{address}' has no mailbox associated with it.",
    )


def throttled(retry_after: str | None) -> Refusal:
    """429 of Graph itself; `retry_after` None leaves the header out."""
    return Refusal(
        429,
        "TooManyRequests",
        "Please retry again later.",
        {} if retry_after is None else {"Retry-After": retry_after},
        {"code": "429", "message": "Please retry after", "status": "429"},
    )


def overloaded(limit: str, retry_after: str = "1") -> Refusal:
    """429 of Outlook: this mailbox's own limit."""
    return Refusal(
        429,
        "ApplicationThrottled",
        f"Application is over its {limit} limit.",
        {"Retry-After": retry_after},
    )


def unauthenticated(message: str = "Access token is empty.") -> Refusal:
    return Refusal(
        401,
        "InvalidAuthenticationToken",
        message,
        {"WWW-Authenticate": 'Bearer realm="", authorization_uri="", client_id=""'},
    )


def expired() -> Refusal:
    return unauthenticated("Lifetime validation failed, the token is expired.")


def challenged() -> Refusal:
    """401 that asks for a token with certain claims (continuous access evaluation)."""
    refusal = unauthenticated("Continuous access evaluation resulted in challenge.")
    refusal.headers["WWW-Authenticate"] = (
        'Bearer realm="", authorization_uri="", client_id="", '
        f'error="insufficient_claims", claims="{_CLAIMS}"'
    )
    return refusal


def state_lost(location: str | None = None) -> Refusal:
    """410: the delta token's state is gone; `location` is where to start again."""
    return Refusal(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; generation=149;[highest=157][157][155][156].",
        {} if location is None else {"Location": location},
    )
