"""What a link of the practice tenant opens in a browser: a message, or a meeting; with what its
person does there: send the draft, end the meeting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.services.practice.errors import Refusal
from app.services.practice.html import escaped, page
from app.services.practice.mail_box import Message
from app.services.practice.mail_buttons import mail_buttons, pressed
from app.services.practice.mail_shape import address_of, plain_text
from app.services.practice.oidc import form_of
from app.services.practice.people import User
from app.services.practice.tenant import Tenant


def people_routes(tenant: Tenant) -> list[BaseRoute]:
    """To be served where `tenant.ground.pages` says, else beside Graph."""

    async def opened(request: Request) -> Response:
        wanted = request.path_params["item"]
        with tenant.turn():
            for user in tenant.people.all():
                message = tenant.mail.box(user).by_any_id(wanted)
                if message is not None:
                    return _message(user, message)
                event = tenant.calendar.box(user).find(wanted)
                if event is not None:
                    text = plain_text(event.data["body"]["content"])
                    when = f"{event.start} – {event.end} ({event.zone})"
                    body = f"<p>{escaped(when)}</p><pre>{escaped(text)}</pre>"
                    return page(str(event.data["subject"]), body)
        return page("Not here", "<p>It was moved, sent or deleted since.</p>", status=404)

    async def joined(request: Request) -> Response:
        with tenant.turn():
            meeting = tenant.meetings.by_thread(request.path_params["thread"])
            if meeting is None:
                return page("No such meeting", "<p>The link leads nowhere.</p>", status=404)
            inside = tenant.meetings.joined(meeting)
            said = "You are in the meeting." if inside else "You wait in the lobby."
            end = _act("End the meeting for everybody", "As its organizer does it.")
            return page(str(meeting.data["subject"] or "Meeting"), f"<p>{said}</p>{end}")

    async def sent(request: Request) -> Response:
        wanted = request.path_params["item"]
        form = await form_of(request)
        with tenant.turn():
            for user in tenant.people.all():
                message = tenant.mail.box(user).by_any_id(wanted)
                if message is None:
                    continue
                try:
                    if message.is_draft:
                        tenant.mail.send(user, user, message)
                    elif (values := pressed(message, form)) is not None:
                        tenant.mail.send_new(user, user, values, keep_copy=True)
                    else:
                        break
                except Refusal as refusal:
                    return page("Not sent", f"<p>{escaped(refusal.message)}</p>", status=400)
                return page("Sent", "<p>It is on its way.</p>")
        return page("Not here", "<p>It was moved, sent or deleted since.</p>", status=404)

    async def ended(request: Request) -> Response:
        with tenant.turn():
            meeting = tenant.meetings.by_thread(request.path_params["thread"])
            report = tenant.meetings.ended(meeting) if meeting is not None else None
        if report is None:
            return page("Nobody was in it", "<p>There was no meeting to end.</p>")
        count = report["totalParticipantCount"]
        people = "1 was" if count == 1 else f"{count} were"
        return page("Ended", f"<p>The meeting is over for everybody; {people} in it.</p>")

    return [
        Route("/practice/open/{item}", opened, methods=["GET"]),
        Route("/practice/open/{item}", sent, methods=["POST"]),
        Route("/l/meetup-join/{thread}/0", joined, methods=["GET"]),
        Route("/l/meetup-join/{thread}/0", ended, methods=["POST"]),
    ]


def _act(words: str, note: str = "") -> str:
    """A button that does what the page is about."""
    said = f" <span class=note>{note}</span>" if note else ""
    return f"<form method=post><p><button>{words}</button>{said}</p></form>"


def _message(user: User, message: Message) -> Response:
    data = message.data
    to = ", ".join(address_of(each) for each in data["toRecipients"])
    body = data["body"]
    text = plain_text(body["content"]) if body["contentType"] == "html" else body["content"]
    kind = "Draft" if message.is_draft else str(data["receivedDateTime"])
    head = f"From {address_of(data['from'])} to {to} · {kind}"
    act = _act("Send") if message.is_draft and not message.submitted else ""
    arrived = not message.is_draft and address_of(data["from"]) != user.email
    below = mail_buttons(message) if arrived else ""
    return page(
        str(data["subject"]), f"<p>{escaped(head)}</p>{act}<pre>{escaped(text)}</pre>{below}"
    )
