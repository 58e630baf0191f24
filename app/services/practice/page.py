"""What a person sees of the practice tenant in a browser: mailboxes, calendars, meetings, the
faults in force; and a way to answer a notice as somebody who got it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.services.practice.calendar_box import Event
from app.services.practice.control_acts import Acts
from app.services.practice.errors import Refusal
from app.services.practice.faults import Faults
from app.services.practice.html import escaped, page
from app.services.practice.oidc import form_of
from app.services.practice.people import User
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant

MOST = 200
"""Rows of a table; a rehearsal with thousands of mails is for programs."""


def page_routes(tenant: Tenant, faults: Faults) -> list[BaseRoute]:
    """On plain HTTP, for browsers."""
    shown = _Shown(tenant, faults)
    return [
        Route("/", shown.overview),
        Route("/mailbox/{email}", shown.mailbox),
        Route("/faults", shown.set_faults, methods=["POST"]),
        Route("/answer", shown.answer, methods=["POST"]),
    ]


class _Shown:
    def __init__(self, tenant: Tenant, faults: Faults) -> None:
        self._tenant = tenant
        self._faults = faults
        self._acts = Acts(tenant)

    async def overview(self, request: Request) -> Response:
        return self._overview("")

    async def mailbox(self, request: Request) -> Response:
        email = str(request.path_params["email"])
        user = self._tenant.user(email)
        if user is None:
            return page("No such mailbox", "<p><a href='/'>All mailboxes</a></p>", status=404)
        box = next(b for b in self._acts.mailboxes()["mailboxes"] if b["email"] == user.email)
        parts = [_nav("<a href='/'>All mailboxes</a>")]
        if box["away"]:
            parts.append(f"<p>Out of the office: {escaped(box['away'])}</p>")
        parts += [_folder(user, folder) for folder in box["folders"] if folder["messages"]]
        parts.append(self._calendars(user))
        return page(f"{user.name} · {user.email}", "".join(parts))

    async def set_faults(self, request: Request) -> Response:
        form = await form_of(request)
        try:
            self._faults.set(form.get("spec", ""))
        except ValueError as wrong:
            return self._overview(str(wrong))
        return RedirectResponse("/", 303)

    async def answer(self, request: Request) -> Response:
        form = await form_of(request)
        try:
            self._acts.answer({**form, "automatic": form.get("kind") == "automatic"})
        except (ValueError, KeyError, Refusal) as wrong:
            return self._overview(f"The answer did not arrive: {wrong}")
        return RedirectResponse(f"/mailbox/{quote(form.get('mailbox', ''), safe='@')}", 303)

    def _overview(self, trouble: str) -> Response:
        boxes = self._acts.mailboxes()["mailboxes"]
        meetings = self._acts.meetings()["meetings"]
        rules = "".join(f"<li><code>{escaped(rule)}</code></li>" for rule in self._faults.rules())
        return page(
            "Mailboxes, calendars, meetings",
            f"{f'<p class=bad>{escaped(trouble)}</p>' if trouble else ''}"
            + _table(("Mailbox", "Inbox", "Drafts", "Sent", "Waiting"), map(_box_row, boxes))
            + "<h2>Meetings</h2>"
            + (_table(("Meeting", "From", "To", "Lobby"), map(_meeting_row, meetings)) or _NONE)
            + f"<h2>Faults</h2>{f'<ul>{rules}</ul>' if rules else _NONE}"
            "<form method=post action='/faults'><p><label>Instead of these "
            "<input name=spec size=40 placeholder='429:send, latency=200ms:*#*'></label> "
            "<button>Set</button></p></form>"
            "<p class=note><code>flight-console practice --help</code> says how faults are "
            "written.</p>",
        )

    def _calendars(self, user: User) -> str:
        with self._tenant.turn():
            box = self._tenant.calendar.box(user)
            found = [
                (calendar.name, sorted(box.within(calendar.id), key=lambda each: each.starts))
                for calendar in box.calendars.values()
            ]
            return "".join(
                f"<h2>{escaped(name)}</h2>"
                + (_table(("Event", "From", "To", "Shown as"), map(_event_row, events)) or _NONE)
                for name, events in found
            )


_NONE = "<p class=note>None.</p>"


def _nav(links: str) -> str:
    return f"<nav>{links}</nav>"


def _folder(user: User, folder: Json) -> str:
    rows = [_message_row(user, each) for each in folder["messages"]]
    return f"<h2>{escaped(folder['name'])}</h2>" + _table(
        ("Subject", "From", "To", "When", ""), rows
    )


def _box_row(box: Json) -> Sequence[str]:
    count = {folder["name"]: folder["messages"] for folder in box["folders"]}
    waiting = sum(bool(each["due"]) for each in count.get("Drafts", ()))
    link = f"/mailbox/{quote(box['email'], safe='@')}"
    kind = " (shared)" if box["shared"] else ""
    return (
        f"<a href='{escaped(link)}'>{escaped(box['name'])}</a> {escaped(box['email'])}{kind}",
        *(str(len(count.get(name, ()))) for name in ("Inbox", "Drafts", "Sent Items")),
        str(waiting or ""),
    )


def _message_row(user: User, message: Json) -> Sequence[str]:
    state = f"waits until {_readable(message['due'])}" if message["due"] else ""
    if message["isDraft"] and not state:
        state = "draft"
    if message["files"]:
        files = len(message["files"])
        state += f" {files} {'file' if files == 1 else 'files'}"
    link = f"/practice/open/{quote(message['id'], safe='')}"
    return (
        f"<a href='{escaped(link)}'>{escaped(message['subject'] or '(no subject)')}</a>"
        f"<br><span class=note>{escaped(message['preview'][:120])}</span>",
        escaped(message["from"]),
        escaped(_addressed(message)),
        escaped(_readable(message["at"] or "")),
        escaped(state) + ("" if message["isDraft"] else _answer_form(user, message)),
    )


def _addressed(message: Json) -> str:
    hidden = len(message["bcc"])
    return ", ".join([*message["to"], *([f"{hidden} in Bcc"] if hidden else [])])


def _readable(moment: str) -> str:
    """`2026-11-30 07:12`, with ` UTC` behind it where it was said with a Z."""
    day, _, clock = moment.partition("T")
    return f"{day} {clock[:5]}{' UTC' if clock.endswith('Z') else ''}".strip()


def _answer_form(user: User, message: Json) -> str:
    sender = next(iter((*message["to"], *message["bcc"])), "")
    return (
        "<details><summary>Answer</summary><form method=post action='/answer'>"
        f"<input type=hidden name=mailbox value='{escaped(user.email)}'>"
        f"<input type=hidden name=message value='{escaped(message['id'])}'>"
        f"<p><label>As <input name=sender value='{escaped(sender)}'></label></p>"
        "<p><label>Text <textarea name=text rows=3>I object: </textarea></label></p>"
        "<p><button name=kind value=answer>Answer</button> "
        "<button name=kind value=automatic>As an out-of-office reply</button></p></form></details>"
    )


def _event_row(event: Event) -> Sequence[str]:
    repeats = " (repeats)" if event.recurrence else ""
    cancelled = " (cancelled)" if event.data.get("isCancelled") else ""
    return (
        escaped(str(event.data.get("subject") or "(no subject)")) + repeats + cancelled,
        escaped(f"{_readable(event.start)} {event.zone}"),
        escaped(_readable(event.end)),
        escaped(str(event.data.get("showAs", ""))),
    )


def _meeting_row(meeting: Json) -> Sequence[str]:
    lobby: Any = (meeting.get("lobbyBypassSettings") or {}).get("scope", "")
    return (
        f"<a href='{escaped(meeting['joinWebUrl'])}'>{escaped(str(meeting.get('subject') or ''))}"
        "</a>",
        escaped(_readable(str(meeting.get("startDateTime", "")))),
        escaped(_readable(str(meeting.get("endDateTime", "")))),
        escaped(f"let in without waiting: {lobby}"),
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML; empty without rows."""
    found = list(rows)
    cell: Callable[[str], str] = "<td>{}</td>".format
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in found[:MOST])
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    more = f"<p class=note>… and {len(found) - MOST} more.</p>" if len(found) > MOST else ""
    return f"<table><tr>{head}</tr>{body}</table>{more}" if found else ""
