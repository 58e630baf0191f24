"""What can go wrong outside, told apart by what it means for the next try.

The one question that decides everything: may the request have had its effect? Only `Unclear`
says perhaps; after it one looks before trying again. All the others say no.
"""

from __future__ import annotations

from app.models.errors import ConsoleError


class RemoteTrouble(ConsoleError):
    """Something outside did not do what was asked."""

    code = "remote"


class Unreachable(RemoteTrouble):
    """The request never left, or was stopped on the way (a redirect to a sign-in page, a proxy
    that wants a password), or it was a read: it had no effect."""

    code = "unreachable"


class Unclear(RemoteTrouble):
    """Sent, but no answer that can be believed: a reset, a time-out, half a body, a 5xx, a page of
    HTML in the service's place. The effect may be there: look before trying again."""

    code = "unclear"


class Throttled(RemoteTrouble):
    """Too much at once (429, 503 with Retry-After): no effect; not before `retry_after` seconds
    (None: the service did not say)."""

    code = "throttled"

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence, retry_after=retry_after)
        self.retry_after = retry_after


class SignInNeeded(RemoteTrouble):
    """No token, or the service refuses it (401): a person signs in. `claims` is the decoded JSON
    of a claims challenge, else empty."""

    code = "sign_in"

    def __init__(self, sentence: str, claims: str = "") -> None:
        super().__init__(sentence, claims=claims)
        self.claims = claims


class Gone(RemoteTrouble):
    """There is no such thing (404)."""

    code = "gone"


class SyncLost(RemoteTrouble):
    """The place in the list of changes is forgotten (410): start a full round."""

    code = "sync_lost"


class Refused(RemoteTrouble):
    """Understood and declined (400, 403, 409, 412 …): trying again the same way is of no use.
    `reason` is the service's own code."""

    code = "refused"

    def __init__(self, sentence: str, reason: str = "", status: int = 0) -> None:
        super().__init__(sentence, reason=reason, status=status)
        self.reason = reason
        self.status = status
