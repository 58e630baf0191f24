"""What a link of the practice tenant opens in a browser: a message, or a meeting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.services.practice.html import escaped, page
from app.services.practice.mail_box import Message
from app.services.practice.mail_shape import address_of, plain_text
from app.services.practice.tenant import Tenant


def people_routes(tenant: Tenant) -> list[BaseRoute]:
    """To be served where `tenant.ground.pages` says, else beside Graph."""

    async def opened(request: Request) -> Response:
        wanted = request.path_params["item"]
        with tenant.turn():
            for user in tenant.people.all():
                message = tenant.mail.box(user).by_any_id(wanted)
                if message is not None:
                    return _message(message)
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
            return page(str(meeting.data["subject"] or "Meeting"), f"<p>{said}</p>")

    return [
        Route("/practice/open/{item}", opened),
        Route("/l/meetup-join/{thread}/0", joined),
    ]


def _message(message: Message) -> Response:
    data = message.data
    to = ", ".join(address_of(each) for each in data["toRecipients"])
    body = data["body"]
    text = plain_text(body["content"]) if body["contentType"] == "html" else body["content"]
    kind = "Draft" if message.is_draft else str(data["receivedDateTime"])
    head = f"From {address_of(data['from'])} to {to} · {kind}"
    return page(str(data["subject"]), f"<p>{escaped(head)}</p><pre>{escaped(text)}</pre>")
