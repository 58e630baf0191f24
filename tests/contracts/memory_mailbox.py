"""A mailbox in memory, with the semantics the port promises and those that Exchange is known for:
a draft is used up by sending it, its id changes then, and the move to Sent Items takes a while."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.services.ports.mail import Address, Arrived, Folder, Found, MailChanges, Outgoing
from app.services.ports.trouble import Gone, Refused, SyncLost, Unclear
from tests.contracts.weather import Weather

AT_ONCE = timedelta()


@dataclass
class Letter:
    """`submitted`: handed over and not moved yet; `moves_at` is when it will be among the sent."""

    id: str
    message: Outgoing
    internet_id: str
    conversation: str
    folder: Folder = Folder.DRAFTS
    submitted: bool = False
    moves_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        return self.folder is Folder.DRAFTS


@dataclass
class MemoryMailbox:
    """Implements `ports.mail.Mailbox`.

    `move_takes` is how long a sent message is on its way, meanwhile shown as a draft still
    (`shows_submitted`) or nowhere. `late(act)` says after how long an act takes effect whose answer
    was lost; None: it does not happen late.
    """

    now: Callable[[], datetime]
    weather: Weather = field(default_factory=Weather)
    move_takes: Callable[[], timedelta] = lambda: AT_ONCE
    shows_submitted: bool = False
    late: Callable[[str], timedelta | None] = lambda act: None
    letters: dict[str, Letter] = field(default_factory=dict)
    arrived: list[tuple[Folder, Arrived | str]] = field(default_factory=list)
    """What happened in the folders, in order: a message that came, or the id of one that went."""
    acts: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _later: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    _generation: int = 1

    # --- the port ----------------------------------------------------------------------------

    def create_draft(self, message: Outgoing) -> Found:
        source = message.forward_of or message.answer_to
        if source and not self._among(source):
            raise Gone("There is no such message.")
        return _found(self._do("create", lambda: self._make(message)))

    def find(self, key: str, internet_id: str = "", mailbox: str = "") -> Sequence[Found]:
        self._pass_time()
        with self.weather.over("find"):
            return [
                _found(each)
                for each in self.letters.values()
                if each.message.mailbox == mailbox
                and (each.message.key == key or (internet_id and each.internet_id == internet_id))
                and (not each.submitted or self.shows_submitted or each.message.hold_until)
            ]

    def send(self, draft_id: str, mailbox: str = "") -> None:
        self._do("send", lambda: self._submit(draft_id))

    def delete_draft(self, draft_id: str, mailbox: str = "") -> None:
        self._do("delete", lambda: self._remove(draft_id))

    def changes(
        self, folder: Folder, cursor: str, since: datetime, mailbox: str = ""
    ) -> MailChanges:
        self._pass_time()
        with self.weather.over("changes"):
            generation, _, at = cursor.partition(":")
            if cursor and generation != str(self._generation):
                raise SyncLost("The place in the list of changes is forgotten.")
            start = int(at or 0)
            new = [each for there, each in self.arrived[start:] if there is folder]
            gone = tuple(each for each in new if isinstance(each, str))
            came = tuple(
                each
                for each in new
                if isinstance(each, Arrived) and each.received_at >= since and each.id not in gone
            )
            return MailChanges(came, gone, f"{self._generation}:{len(self.arrived)}", False)

    # --- what others do ------------------------------------------------------------------------

    @property
    def sent(self) -> list[Letter]:
        """Sent Items, now."""
        self._pass_time()
        return [each for each in self.letters.values() if each.folder is Folder.SENT]

    @property
    def drafts(self) -> list[Letter]:
        self._pass_time()
        return [each for each in self.letters.values() if each.is_draft and not each.submitted]

    def forget_cursors(self) -> None:
        self._generation += 1

    def receive(self, letter: Arrived) -> None:
        self.arrived.append((Folder.INBOX, letter))

    def remove(self, arrived_id: str) -> None:
        """The person deletes what arrived."""
        self.arrived.append((Folder.INBOX, arrived_id))

    def purge(self, message_id: str) -> None:
        """The person deletes what was sent."""
        del self.letters[message_id]
        self.arrived.append((Folder.SENT, message_id))

    # --- inside ----------------------------------------------------------------------------------

    def _do(self, act: str, effect: Callable[[], Letter]) -> Letter:
        self._pass_time()
        self.acts.append(act)
        wait = self.late(act)
        if wait is not None:
            self._later.append((self.now() + wait, effect))
            raise Unclear("No answer came in time.")
        done: list[Letter] = []
        with self.weather.over(act):
            done.append(effect())
        return done[0]

    def _pass_time(self) -> None:
        now = self.now()
        for due, effect in [each for each in self._later if each[0] <= now]:
            self._later.remove((due, effect))
            try:
                effect()
            except (Gone, Refused):
                continue  # too late: nothing happens
        for letter in list(self.letters.values()):
            if letter.submitted and letter.moves_at is not None and letter.moves_at <= now:
                del self.letters[letter.id]
                moved = replace(
                    letter,
                    id=f"S{next(self._numbers)}",
                    folder=Folder.SENT,
                    submitted=False,
                    sent_at=letter.moves_at,
                )
                self.letters[moved.id] = moved
                if not moved.message.mailbox:
                    self.arrived.append((Folder.SENT, _as_arrived(moved)))

    def _make(self, message: Outgoing) -> Letter:
        number = next(self._numbers)
        conversation = self._conversation(message.forward_of or message.answer_to)
        letter = Letter(
            f"D{number}", message, f"<{number}@memory.example>", conversation or f"C{number}"
        )
        self.letters[letter.id] = letter
        return letter

    def _submit(self, draft_id: str) -> Letter:
        letter = self.letters.get(draft_id)
        if letter is None or not letter.is_draft:
            raise Gone("The specified object was not found in the store.")
        waits = letter.message.hold_until
        if letter.submitted:
            if waits is None:
                raise Gone("The specified object was not found in the store.")
            return letter
        if not letter.message.reach:
            raise Refused("At least one recipient isn’t valid.", "ErrorInvalidRecipients", 400)
        letter.submitted = True
        letter.moves_at = max(self.now(), waits or self.now()) + self.move_takes()
        return letter

    def _remove(self, draft_id: str) -> Letter:
        letter = self.letters.get(draft_id)
        waits = letter.message.hold_until if letter is not None else None
        on_its_way = letter is not None and letter.submitted and (waits or self.now()) <= self.now()
        if letter is None or not letter.is_draft or on_its_way:
            raise Gone("The specified object was not found in the store.")
        del self.letters[draft_id]
        return letter

    def _among(self, message_id: str) -> bool:
        self._pass_time()
        gone = any(each == message_id for _, each in self.arrived)
        return not gone and bool(self._conversation(message_id))

    def _conversation(self, message_id: str) -> str:
        if message_id in self.letters:
            return self.letters[message_id].conversation
        came = (each for _, each in self.arrived if isinstance(each, Arrived))
        return next((each.conversation for each in came if each.id == message_id), "")


def _as_arrived(letter: Letter) -> Arrived:
    assert letter.sent_at is not None
    return Arrived(
        id=letter.id,
        internet_id=letter.internet_id,
        conversation=letter.conversation,
        subject=letter.message.subject,
        sender=Address("me@memory.example"),
        text=letter.message.text,
        received_at=letter.sent_at,
    )


def _found(letter: Letter) -> Found:
    return Found(
        letter.id,
        letter.internet_id,
        letter.conversation,
        letter.is_draft,
        f"https://outlook.example/{letter.id}",
        letter.sent_at,
    )
