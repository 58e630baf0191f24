"""What one may do to the practice tenant from outside Graph: trouble, time, and other people.

JSON in, JSON out, for this machine's own pages and tests; `server` sees to it that nobody else
gets here, and this looks once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.services.practice import mail_delivery
from app.services.practice.errors import Refusal
from app.services.practice.faults import Faults
from app.services.practice.mail_box import Box, Message
from app.services.practice.mail_replies import REPLY, derived
from app.services.practice.mail_shape import address_of
from app.services.practice.meetings import shown
from app.services.practice.people import User
from app.services.practice.schema import checked
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant

_HERE = ("127.0.0.1", "::1", "testclient")
Act = Callable[[Json], Json]


def control_routes(tenant: Tenant, faults: Faults) -> list[BaseRoute]:
    control = Control(tenant, faults)
    acts: dict[str, Act] = {
        "faults": control.set_faults,
        "switches": control.set_switches,
        "answer": control.answer,
        "away": control.away,
        "expire": control.expire,
        "event": control.event,
        "join": control.join,
        "end-meeting": control.end_meeting,
    }
    looks: dict[str, Callable[[], Json]] = {
        "faults": control.faults,
        "switches": tenant.switches.as_dict,
        "mailboxes": control.mailboxes,
        "meetings": control.meetings,
    }
    return [
        *(Route(f"/practice/{name}", _act(act), methods=["POST"]) for name, act in acts.items()),
        *(Route(f"/practice/{name}", _look(look)) for name, look in looks.items()),
    ]


def _act(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not _is_here(request):
            return JSONResponse({"trouble": "only from this machine"}, 403)
        try:
            body = await request.json()
            if not isinstance(body, dict):
                raise ValueError("a JSON object is wanted")
            return JSONResponse(act(body))
        except (JSONDecodeError, ValueError, KeyError, TypeError) as error:
            return JSONResponse({"trouble": str(error)}, 400)
        except Refusal as refusal:
            return JSONResponse({"trouble": refusal.message}, refusal.status)

    return endpoint


def _look(look: Callable[[], Json]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not _is_here(request):
            return JSONResponse({"trouble": "only from this machine"}, 403)
        return JSONResponse(look())

    return endpoint


def _is_here(request: Request) -> bool:
    return request.client is not None and request.client.host in _HERE


class Control:
    """Each act takes and gives plain JSON. Raises ValueError, KeyError, Refusal."""

    def __init__(self, tenant: Tenant, faults: Faults) -> None:
        self._tenant = tenant
        self._faults = faults

    def faults(self) -> Json:
        return {"rules": self._faults.rules(), "met": [list(each) for each in self._faults.met]}

    def set_faults(self, body: Json) -> Json:
        """`spec` instead of the rules in force, or beside them with `add`."""
        if body.get("add"):
            self._faults.add(str(body["spec"]))
        else:
            self._faults.set(str(body["spec"]), body.get("seed"))
        return self.faults()

    def set_switches(self, body: Json) -> Json:
        with self._tenant.turn():
            self._tenant.switches.change(**body)
        return self._tenant.switches.as_dict()

    def answer(self, body: Json) -> Json:
        """Somebody answers `message` of `mailbox` with `text`: as `sender`, an address, which
        need not have a mailbox here. Without `sender` the mailbox's own person answers, to
        whoever the message came from. `automatic`: as an out-of-office reply does."""
        tenant = self._tenant
        with tenant.turn():
            owner = self._user(body["mailbox"])
            message = tenant.mail.box(owner).find(str(body["message"]))
            text, sender = str(body["text"]), str(body.get("sender") or "")
            if not sender:
                draft = derived(tenant.mail, owner, message, REPLY, {})
                mail_delivery.put_on_top(draft, text)
                tenant.mail.box(owner).put(draft)
                tenant.mail.send(owner, owner, draft)
                return {"id": draft.id}
            name = str(body.get("name") or sender)
            kind = mail_delivery.automatic_reply if body.get("automatic") else mail_delivery.answer
            return {"id": kind(tenant.mail, owner, message, sender, name, text).id}

    def away(self, body: Json) -> Json:
        """`mailbox` is out of the office with `text`, or back with an empty one."""
        self._tenant.out_of_office(self._user(body["mailbox"]), str(body.get("text") or ""))
        return {}

    def expire(self, body: Json) -> Json:
        """`deltas`: all delta tokens (of `mailbox`, if given); `tokens`: all bearer tokens."""
        mailbox = body.get("mailbox")
        if body.get("deltas"):
            self._tenant.forget_deltas(self._user(mailbox) if mailbox else None)
        if body.get("tokens"):
            with self._tenant.turn():
                self._tenant.people.expire_all()
        return {}

    def event(self, body: Json) -> Json:
        """`event`, as Graph takes it, in the calendar of `mailbox`; with `id` a change of it."""
        values = checked("event", body["event"])
        with self._tenant.turn():
            owner = self._user(body["mailbox"])
            if event_id := body.get("id"):
                made = self._tenant.calendar.patch(owner, str(event_id), values)
            else:
                made = self._tenant.calendar.create(owner, values)
            return {"id": made.id}

    def join(self, body: Json) -> Json:
        """`people` open the link of `meeting`; how many need not wait in the lobby."""
        with self._tenant.turn():
            meeting = self._tenant.meetings.by_id(str(body["meeting"]))
            return {"inside": self._tenant.meetings.joined(meeting, int(body.get("people", 1)))}

    def end_meeting(self, body: Json) -> Json:
        """The organizer of `meeting` ends it for everybody."""
        with self._tenant.turn():
            meeting = self._tenant.meetings.by_id(str(body["meeting"]))
            return {"report": self._tenant.meetings.ended(meeting)}

    def mailboxes(self) -> Json:
        with self._tenant.turn():
            return {"mailboxes": [self._mailbox(each) for each in self._tenant.people.all()]}

    def meetings(self) -> Json:
        with self._tenant.turn():
            everybody = self._tenant.people.all()
            found = [each for user in everybody for each in self._tenant.meetings.of(user)]
            return {"meetings": [shown(each, self._tenant.ground.pages) for each in found]}

    def _mailbox(self, user: User) -> Json:
        box = self._tenant.mail.box(user)
        visible = [each for each in box.folders.values() if not box.is_hidden(each)]
        return {
            "email": user.email,
            "name": user.name,
            "shared": user.shared,
            "away": user.automatic_reply,
            "folders": [
                {
                    "name": each.name,
                    "messages": [_line(box, message) for message in box.in_folder(each.id)],
                }
                for each in visible
            ],
        }

    def _user(self, name: Any) -> User:
        user = self._tenant.people.find(str(name))
        if user is None:
            raise KeyError(f"no mailbox {name}")
        return user


def _line(box: Box, message: Message) -> Json:
    data = message.data
    return {
        "id": message.id,
        "subject": data["subject"],
        "from": address_of(data["from"]),
        "to": [address_of(each) for each in data["toRecipients"]],
        "at": data["receivedDateTime"],
        "isRead": data["isRead"],
        "isDraft": data["isDraft"],
        "due": message.due if message.submitted else "",
        "preview": data["bodyPreview"],
        "files": [box.files[each]["name"] for each in message.files],
    }
