"""The table of Graph's calls: method, path, the name faults know it by, and its scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.services.practice import calendar_routes as calendar
from app.services.practice import directory_routes as directory
from app.services.practice import mail_routes as mail
from app.services.practice import meeting_routes as meetings
from app.services.practice.calendar_schedule import get_schedule
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal
from app.services.practice.tenant import Tenant

Handler = Callable[[Tenant, Call], Answer]


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


def _routes(scopes: tuple[str, ...], *rows: tuple[str, str, str, Handler]) -> Iterator[GraphRoute]:
    for method, path, name, handler in rows:
        yield GraphRoute(method, f"/me{path}", name, handler, scopes)


FILES = "/messages/{id}/attachments"
MEETINGS = "/onlineMeetings"

ROUTES = (
    *_routes(("User.Read", "User.ReadBasic.All"), ("GET", "", "me", directory.me)),
    *_routes(
        ("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
        ("GET", "/mailboxSettings", "settings", directory.settings),
    ),
    *_routes(
        ("Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"),
        ("GET", "/mailFolders", "folders", mail.folders),
        ("GET", "/mailFolders/{id}", "folder", mail.folder),
        ("GET", "/messages", "messages", mail.messages),
        ("GET", "/mailFolders/{id}/messages", "messages", mail.messages),
        ("GET", "/mailFolders/{id}/messages/delta", "delta", mail.delta),
        ("GET", "/messages/{id}", "message", mail.message),
    ),
    *_routes(
        ("Mail.Read", "Mail.ReadWrite"),
        ("GET", FILES, "attachments", mail.attachments),
        ("GET", f"{FILES}/{{id}}", "attachment", mail.attachment),
        ("GET", f"{FILES}/{{id}}/$value", "attachment", mail.attachment_content),
    ),
    *_routes(
        ("Mail.ReadWrite",),
        ("POST", "/mailFolders", "folder-create", mail.add_folder),
        ("POST", "/messages", "create", mail.create),
        ("POST", "/mailFolders/{id}/messages", "create", mail.create),
        ("PATCH", "/messages/{id}", "patch", mail.patch),
        ("DELETE", "/messages/{id}", "delete", mail.delete),
        ("POST", "/messages/{id}/move", "move", mail.move),
        ("POST", "/messages/{id}/createForward", "createforward", mail.create_forward),
        ("POST", "/messages/{id}/createReply", "createreply", mail.create_reply),
        ("POST", "/messages/{id}/createReplyAll", "createreply", mail.create_reply_all),
        ("POST", FILES, "attach", mail.add_attachment),
        ("POST", f"{FILES}/createUploadSession", "session", mail.upload_session),
        ("DELETE", f"{FILES}/{{id}}", "detach", mail.drop_attachment),
    ),
    *_routes(
        ("Mail.Send",),
        ("POST", "/messages/{id}/send", "send", mail.send),
        ("POST", "/sendMail", "sendmail", mail.send_mail),
        ("POST", "/messages/{id}/reply", "reply", mail.reply),
        ("POST", "/messages/{id}/replyAll", "reply", mail.reply_all),
        ("POST", "/messages/{id}/forward", "forward", mail.forward),
    ),
    *_routes(
        ("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"),
        ("GET", "/calendars", "calendars", calendar.calendars),
        ("GET", "/events", "events", calendar.events),
        ("GET", "/calendars/{id}/events", "events", calendar.events),
        ("GET", "/events/{id}", "event", calendar.event),
        ("GET", "/events/{id}/instances", "event-instances", calendar.instances),
        ("GET", "/calendarView", "calendarview", calendar.view),
        ("GET", "/calendar/calendarView", "calendarview", calendar.view),
        ("GET", "/calendars/{id}/calendarView", "calendarview", calendar.view),
        ("GET", "/calendarView/delta", "event-delta", calendar.delta),
        ("POST", "/calendar/getSchedule", "schedule", get_schedule),
    ),
    *_routes(
        ("Calendars.Read", "Calendars.ReadWrite"),
        ("GET", "/calendar", "calendar", calendar.calendar),
        ("GET", "/calendars/{id}", "calendar", calendar.calendar),
        ("GET", "/calendars/{id}/calendarView/delta", "event-delta", calendar.delta),
    ),
    *_routes(
        ("Calendars.ReadWrite",),
        ("POST", "/calendars", "calendar-create", calendar.add_calendar),
        ("POST", "/events", "event-create", calendar.create),
        ("POST", "/calendars/{id}/events", "event-create", calendar.create),
        ("PATCH", "/events/{id}", "event-patch", calendar.patch),
        ("DELETE", "/events/{id}", "event-delete", calendar.delete),
        ("POST", "/events/{id}/cancel", "event-cancel", calendar.cancel),
    ),
    *_routes(
        ("OnlineMeetings.Read", "OnlineMeetings.ReadWrite"),
        ("GET", MEETINGS, "meetings", meetings.meetings),
        ("GET", f"{MEETINGS}/{{id}}", "meeting", meetings.meeting),
    ),
    *_routes(
        ("OnlineMeetings.ReadWrite",),
        ("POST", MEETINGS, "meeting-create", meetings.create),
        ("POST", f"{MEETINGS}/createOrGet", "meeting-create", meetings.create_or_get),
        ("PATCH", f"{MEETINGS}/{{id}}", "meeting-patch", meetings.patch),
        ("DELETE", f"{MEETINGS}/{{id}}", "meeting-delete", meetings.delete),
    ),
    *_routes(
        ("OnlineMeetingArtifact.Read.All",),
        ("GET", f"{MEETINGS}/{{id}}/attendanceReports", "attendance", meetings.reports),
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
