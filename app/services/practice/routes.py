"""The table of Graph's calls: method, path, the name faults know it by, and its scopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.services.practice import directory_routes as directory
from app.services.practice import mail_routes as mail
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal
from app.services.practice.tenant import Tenant

Handler = Callable[[Tenant, Call], Answer]

MAIL_READ = ("Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite")
MAIL_OPEN = ("Mail.Read", "Mail.ReadBasic", "Mail.ReadWrite")
MAIL_WRITE = ("Mail.ReadWrite",)
MAIL_SEND = ("Mail.Send",)
ME = ("User.Read", "User.ReadBasic.All")
SETTINGS = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")


@dataclass(frozen=True, slots=True)
class GraphRoute:
    method: str
    path: str
    name: str
    handler: Handler
    scopes: tuple[str, ...]

    @property
    def pattern(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").casefold().split("/"))


ROUTES = (
    GraphRoute("GET", "/me", "me", directory.me, ME),
    GraphRoute("GET", "/me/mailboxSettings", "settings", directory.settings, SETTINGS),
    GraphRoute("GET", "/me/mailFolders", "folders", mail.folders, MAIL_READ),
    GraphRoute("POST", "/me/mailFolders", "folder-create", mail.add_folder, MAIL_WRITE),
    GraphRoute("GET", "/me/mailFolders/{id}", "folder", mail.folder, MAIL_READ),
    GraphRoute("GET", "/me/messages", "messages", mail.messages, MAIL_READ),
    GraphRoute("GET", "/me/mailFolders/{id}/messages", "messages", mail.messages, MAIL_READ),
    GraphRoute("POST", "/me/messages", "create", mail.create, MAIL_WRITE),
    GraphRoute("POST", "/me/mailFolders/{id}/messages", "create", mail.create, MAIL_WRITE),
    GraphRoute("GET", "/me/messages/{id}", "message", mail.message, MAIL_OPEN),
    GraphRoute("PATCH", "/me/messages/{id}", "patch", mail.patch, MAIL_WRITE),
    GraphRoute("DELETE", "/me/messages/{id}", "delete", mail.delete, MAIL_WRITE),
    GraphRoute("POST", "/me/messages/{id}/send", "send", mail.send, MAIL_SEND),
    GraphRoute("POST", "/me/messages/{id}/move", "move", mail.move, MAIL_WRITE),
    GraphRoute("POST", "/me/sendMail", "sendmail", mail.send_mail, MAIL_SEND),
    GraphRoute(
        "POST", "/me/messages/{id}/createForward", "createforward", mail.create_forward, MAIL_WRITE
    ),
    GraphRoute(
        "POST", "/me/messages/{id}/createReply", "createreply", mail.create_reply, MAIL_WRITE
    ),
    GraphRoute(
        "POST", "/me/messages/{id}/createReplyAll", "createreply", mail.create_reply_all, MAIL_WRITE
    ),
)


@lru_cache(maxsize=1)
def _table() -> dict[int, list[tuple[tuple[str, ...], GraphRoute]]]:
    table: dict[int, list[tuple[tuple[str, ...], GraphRoute]]] = {}
    for route in ROUTES:
        table.setdefault(len(route.pattern), []).append((route.pattern, route))
    return table


def find(method: str, segments: tuple[str, ...]) -> tuple[GraphRoute, tuple[str, ...]]:
    """The route and the ids in its path; a literal beats an id. Names may be in any case.
    Raises Refusal: no such path, or not with this method."""
    lower = tuple(each.casefold() for each in segments)
    found = [
        (pattern.count("{id}"), route)
        for pattern, route in _table().get(len(segments), ())
        if all(want in ("{id}", have) for want, have in zip(pattern, lower, strict=True))
    ]
    if not found:
        raise Refusal(400, "BadRequest", f"Resource not found for the segment '{segments[-1]}'.")
    fewest = min(ids for ids, _ in found)
    for ids, route in found:
        if ids == fewest and route.method == method:
            pairs = zip(route.pattern, segments, strict=True)
            return route, tuple(have for want, have in pairs if want == "{id}")
    raise Refusal(405, "Request_BadRequest", f"Specified HTTP method {method} is not allowed.")
