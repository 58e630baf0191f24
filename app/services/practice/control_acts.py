"""What a rehearsal does to the practice tenant beside Graph: other people's mail and calendars,
meetings that end, tokens that are lost. Plain JSON in and out; `control` serves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.services.practice import mail_delivery
from app.services.practice.mail_box import Box, Message
from app.services.practice.mail_replies import REPLY, derived
from app.services.practice.mail_shape import address_of
from app.services.practice.meetings import shown
from app.services.practice.people import User
from app.services.practice.schema import checked
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant


class Acts:
    """Each act takes and gives plain JSON. Raises ValueError, KeyError, Refusal."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def by_name(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "answer": self.answer,
            "away": self.away,
            "expire": self.expire,
            "event": self.event,
            "join": self.join,
            "end-meeting": self.end_meeting,
        }

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
        """`event`, as Graph takes it, in the calendar of `mailbox`, or in the one named `calendar`,
        made when it is not there; with `id` a change of it."""
        values = checked("event", body["event"])
        with self._tenant.turn():
            owner = self._user(body["mailbox"])
            if event_id := body.get("id"):
                made = self._tenant.calendar.patch(owner, str(event_id), values)
            else:
                place = self._calendar(owner, str(body.get("calendar") or ""))
                made = self._tenant.calendar.create(owner, values, place)
            return {"id": made.id}

    def _calendar(self, owner: User, name: str) -> str:
        """Empty: the default one."""
        if not name:
            return ""
        box = self._tenant.calendar.box(owner)
        found = next((each for each in box.calendars.values() if each.name == name), None)
        return (found or box.add_calendar(name)).id

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
        "bcc": [address_of(each) for each in data.get("bccRecipients") or ()],
        "at": data["receivedDateTime"],
        "isRead": data["isRead"],
        "isDraft": data["isDraft"],
        "due": message.due if message.submitted else "",
        "preview": data["bodyPreview"],
        "files": [box.files[each]["name"] for each in message.files],
    }
