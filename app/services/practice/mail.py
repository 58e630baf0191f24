"""The post office: drafts, handing over, and the mailboxes they land in."""

from __future__ import annotations

import heapq
from base64 import b64encode
from collections import deque
from copy import deepcopy
from datetime import datetime, timedelta
from hashlib import blake2b

from app.services.practice import mail_delivery
from app.services.practice.errors import bad, not_found, overloaded
from app.services.practice.ground import Ground, moment, stamp
from app.services.practice.mail_box import GONE, Box, Message
from app.services.practice.mail_files import Uploads, attach
from app.services.practice.mail_shape import (
    address_of,
    addressed,
    blank,
    patched,
    recipients,
    write,
)
from app.services.practice.people import People, User
from app.services.practice.state import Json

DEFERRED = ("SystemTime 0x3FEF", "SystemTime 0x000F")
"""PidTagDeferredSendTime and PidTagDeferredDeliveryTime."""
PER_MINUTE, PER_MESSAGE, PER_DAY = 30, 500, 10_000
_KINDS = ("box", "folder", "file", "mail-tomb", "message")


class PostOffice:
    def __init__(self, ground: Ground, people: People) -> None:
        self.ground = ground
        self.people = people
        self._boxes: dict[str, Box] = {}
        self._due: list[tuple[datetime, str, str]] = []
        self._sent: dict[str, deque[tuple[datetime, int]]] = {}
        self.uploads = Uploads(ground)
        self._load()

    def box(self, owner: User) -> Box:
        box = self._boxes.get(owner.oid)
        if box is None:
            box = self._boxes[owner.oid] = Box(self.ground, owner)
            box.ready()
        return box

    # Drafts

    def draft(self, owner: User, values: Json, *, thread: str = "", folder: str = "") -> Message:
        """A new draft. Raises Refusal 400 for what cannot be set."""
        box = self.box(owner)
        message = self.compose(owner, values, thread=thread)
        message.folder = folder or box.well_known("drafts")
        for file in values.get("attachments") or []:
            attach(box, message, file, self.ground)
        box.put(message)
        return message

    def compose(self, owner: User, values: Json, *, thread: str = "") -> Message:
        """A message that is nowhere yet."""
        now = stamp(self.ground.now())
        key = f"m{self.ground.serial()}"
        data = blank(addressed(owner.email, owner.name), now)
        domain = owner.email.rpartition("@")[2]
        data["internetMessageId"] = f"<{self.ground.guid().upper()}@{domain}>"
        message = Message(
            key,
            self.ground.outlook_id(),
            self.ground.outlook_id(immutable=True),
            "",
            0,
            data,
            "",
        )
        write(message, values)
        message.thread = thread or message.internet_id
        data["conversationId"] = self.conversation(owner, message.thread)
        data["conversationIndex"] = conversation_index(message.thread, key)
        return message

    def conversation(self, owner: User, thread: str) -> str:
        """Every mailbox has its own name for a conversation."""
        return "AAQkAD" + self.ground.guid("conversation", owner.oid, thread).replace("-", "") + "="

    def patch(self, owner: User, message: Message, values: Json) -> Message:
        """The changed message; nothing changed when this raises."""
        box = self.box(owner)
        message = deepcopy(message)
        patched(message, values)
        box.put(message)
        if message.submitted:
            self._schedule(box, message)
            box.keep(message)
        return message

    def delete(self, owner: User, message: Message) -> None:
        """Out of sight: a message that waits to be sent is not sent any more."""
        message.submitted = False
        box = self.box(owner)
        box.move(message, box.well_known(GONE))

    # Handing over

    def send(self, sender: User, owner: User, message: Message) -> None:
        """202: from now on it is the service's. A second send of what still lies in Drafts
        finds nothing, unless the message is held for later: then it is held once all the same."""
        if not message.is_draft or (message.submitted and not self._held_until(message)):
            raise not_found()
        self._check(sender, owner, message.data, again=message.submitted)
        self._hand_over(self.box(owner), message)

    def send_new(self, sender: User, owner: User, values: Json, *, keep_copy: bool) -> Message:
        """sendMail, reply and forward: a message of its own at each call."""
        self._check(sender, owner, values)
        message = self.draft(owner, values)
        message.keep_copy = keep_copy
        held = self._held_until(message)
        if held and self.ground.switches.held_sendmail == "twice":
            twin = self.draft(owner, values)
            for each in DEFERRED:
                twin.properties.pop(each, None)
            self._hand_over(self.box(owner), twin)
        self._hand_over(self.box(owner), message)
        return message

    def _hand_over(self, box: Box, message: Message) -> None:
        message.submitted = True
        self._schedule(box, message)
        box.keep(message)

    def _schedule(self, box: Box, message: Message) -> None:
        due = self.ground.now() + timedelta(seconds=self.ground.switches.send_delay)
        held = self._held_until(message)
        if held is not None and held > due:
            due = held
        message.due = due.isoformat()
        heapq.heappush(self._due, (due, box.owner.oid, message.key))

    def _held_until(self, message: Message) -> datetime | None:
        times = [message.properties[each] for each in DEFERRED if each in message.properties]
        latest = max((moment(each) for each in times), default=None)
        return latest if latest is not None and latest > self.ground.now() else None

    def _check(self, sender: User, owner: User, data: Json, *, again: bool = False) -> None:
        """Whether it may leave at all. Codes are from memory of Exchange's."""
        everybody = recipients(data)
        if not everybody or any("@" not in address_of(each) for each in everybody):
            raise bad("ErrorInvalidRecipients", "At least one recipient is not valid.")
        named = address_of(data.get("from")) or owner.email
        allowed = self.people.find(named)
        if allowed is not owner and (allowed is None or sender.oid not in allowed.delegates):
            raise bad("ErrorSendAsDenied", "The user account is not allowed to send as this one.")
        if again or not self.ground.switches.mail_limits:
            return
        if len(everybody) > PER_MESSAGE:
            raise bad(
                "ErrorTooManyRecipients",
                f"The message has more recipients than the {PER_MESSAGE} that are allowed.",
            )
        self._count(owner, len(everybody))

    def _count(self, owner: User, reach: int) -> None:
        now = self.ground.now()
        sent = self._sent.setdefault(owner.oid, deque())
        while sent and sent[0][0] <= now - timedelta(days=1):
            sent.popleft()
        minute = [at for at, _ in sent if at > now - timedelta(minutes=1)]
        if len(minute) >= PER_MINUTE:
            wait = (minute[0] + timedelta(minutes=1) - now).total_seconds()
            raise overloaded("MessageRate", f"{max(1, round(wait))}")
        if sum(each for _, each in sent) + reach > PER_DAY:
            raise bad(
                "ErrorMessageSubmissionBlocked",
                f"The mailbox is over its limit of {PER_DAY} recipients a day.",
            )
        sent.append((now, reach))

    # Delivering

    def settle(self) -> None:
        """Deliver everything whose moment has come."""
        while self._due and self._due[0][0] <= self.ground.now():
            due, oid, key = heapq.heappop(self._due)
            box = self._boxes[oid]
            message = box.messages.get(key)
            if message is not None and message.submitted and message.due == due.isoformat():
                mail_delivery.deliver(self, box, message)

    def _load(self) -> None:
        for kind in _KINDS:
            for key, body in self.ground.load(kind):
                oid, _, rest = key.partition("/")
                owner = self.people.find(oid)
                if owner is None:
                    continue
                if oid not in self._boxes:
                    self._boxes[oid] = Box(self.ground, owner)
                self._boxes[oid].take_kept(kind, rest, body)
        for oid, box in self._boxes.items():
            box.ready()
            for message in box.messages.values():
                if message.submitted:
                    due = datetime.fromisoformat(message.due)
                    heapq.heappush(self._due, (due, oid, message.key))


def conversation_index(thread: str, key: str) -> str:
    root = blake2b(thread.encode(), digest_size=22).digest()
    own = blake2b(key.encode(), digest_size=5).digest()
    return b64encode(root + own).decode()
