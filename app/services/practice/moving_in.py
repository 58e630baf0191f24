"""Who has a mailbox in the practice tenant: named at its start, and by whoever joins it later."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from app.services.practice.tenant import Tenant

TELL_SECONDS = 10.0
People = Sequence[tuple[str, str]]
"""(address, name) each."""


def move_in(tenant: Tenant, people: People, shared: People) -> None:
    """Those who have a mailbox keep it as it is; who is not named is listed behind the others.
    All of `people` may use the `shared` ones."""
    before = tenant.users()
    delegates = [tenant.add_user(email, name) for email, name in people]
    for email, name in shared:
        tenant.add_shared(email, name, delegates)
    named = {email.casefold() for email, _ in (*people, *shared)}
    for other in before:
        if other.email.casefold() not in named:
            tenant.add_user(other.email, other.name)


def asked_in(tenant: Tenant, body: dict[str, Any]) -> dict[str, Any]:
    """The same, over the wire. Raises KeyError, ValueError."""
    people, shared = (
        [(str(email), str(name)) for email, name in body[key]] for key in ("people", "shared")
    )
    move_in(tenant, people, shared)
    return {}


def tell(pages: str, people: People, shared: People) -> None:
    """The tenant that runs at `pages` hears who is there: it may have been started before them.
    Raises OSError."""
    request = urllib.request.Request(
        f"{pages}/practice/people",
        json.dumps({"people": list(people), "shared": list(shared)}).encode(),
        {"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=TELL_SECONDS).close()
