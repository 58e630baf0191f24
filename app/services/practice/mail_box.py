"""One mailbox: folders, messages, files, and the indexes over them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field

from app.services.practice.errors import not_found
from app.services.practice.ground import Ground, stamp
from app.services.practice.history import History
from app.services.practice.people import User
from app.services.practice.state import Json

WELL_KNOWN = {
    "msgfolderroot": "Top of Information Store",
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "outbox": "Outbox",
    "archive": "Archive",
    "junkemail": "Junk Email",
}
GONE = "recoverableitemsdeletions"
"""Where deleted messages are out of sight."""


@dataclass(slots=True)
class Folder:
    id: str
    name: str
    well_known: str = ""


@dataclass(slots=True)
class Message:
    """`data` holds what Graph shows, except id, attachments and extended properties. `thread` is
    the Message-ID the conversation began with, `references` are those answered or forwarded.
    `submitted`: handed over to be sent, not before `due`; `keep_copy`: a copy stays in Sent Items.
    """

    key: str
    id: str
    immutable_id: str
    folder: str
    number: int
    data: Json
    thread: str
    properties: dict[str, str] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    submitted: bool = False
    due: str = ""
    keep_copy: bool = True

    @property
    def internet_id(self) -> str:
        return str(self.data["internetMessageId"])

    @property
    def is_draft(self) -> bool:
        return bool(self.data["isDraft"])

    def shown_id(self, immutable: bool) -> str:
        return self.immutable_id if immutable else self.id


class Box:
    """Every change of a message goes through `put`, `move` or `drop`: they number it, index it
    and keep it."""

    def __init__(self, ground: Ground, owner: User) -> None:
        self._ground = ground
        self.owner = owner
        self.folders: dict[str, Folder] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, Json] = {}
        self.answered: set[str] = set()
        self.history = History(ground, "mail", owner.oid)
        self._well_known: dict[str, str] = {}
        self._by_id: dict[str, str] = {}
        self._index: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._filed: dict[str, tuple[tuple[str, str], tuple[tuple[str, str], ...]]] = {}

    # Folders

    def add_folder(self, name: str, well_known: str = "") -> Folder:
        folder = Folder(self._ground.outlook_id(), name, well_known)
        self._take_folder(folder)
        self._ground.put("folder", self._key(folder.id), lambda: asdict(folder))
        return folder

    def folder(self, name: str) -> Folder:
        """By id or well-known name. Raises Refusal 404."""
        found = self.folders.get(self._well_known.get(name.casefold(), name))
        if found is None:
            raise not_found()
        return found

    def well_known(self, name: str) -> str:
        """The id of a folder that is always there."""
        return self._well_known[name]

    def in_folder(self, folder_id: str) -> list[Message]:
        """Newest change last."""
        keys = self._index.get(("folder", folder_id), {})
        return [self.messages[key] for key in keys]

    def is_hidden(self, folder: Folder) -> bool:
        return folder.well_known in (GONE, "msgfolderroot")

    def is_gone(self, message: Message) -> bool:
        """Deleted, though it could be recovered."""
        return message.folder == self._well_known[GONE]

    # Messages

    def find(self, message_id: str) -> Message:
        """By id or immutable id. Raises Refusal 404."""
        key = self._by_id.get(message_id)
        if key is None or self.is_gone(self.messages[key]):
            raise not_found()
        return self.messages[key]

    def by_any_id(self, message_id: str) -> Message | None:
        key = self._by_id.get(message_id)
        return self.messages[key] if key is not None else None

    def having(self, kind: str, value: str) -> list[Message]:
        """By `internetMessageId`, `conversationId`, or an extended property's id: values are
        compared without case, as Outlook does."""
        keys = self._index.get((kind, value.casefold()), {})
        return [self.messages[key] for key in keys]

    def put(self, message: Message) -> None:
        """A new message, or one whose content changed."""
        if message.key in self._filed:
            self._unindex(message.key)
        message.number = self.history.changed(message.folder, message.key, message.id)
        message.data["parentFolderId"] = message.folder
        message.data["lastModifiedDateTime"] = stamp(self._ground.now())
        message.data["changeKey"] = self._ground.change_key(message.number)
        self.messages[message.key] = message
        self._take(message)
        self.keep(message)

    def move(self, message: Message, folder_id: str, *, same_immutable: bool = True) -> None:
        """Into another folder: with a new id, and a new immutable one if asked for."""
        self._bury(message)
        self._unindex(message.key)
        message.id = self._ground.outlook_id()
        if not same_immutable:
            message.immutable_id = self._ground.outlook_id(immutable=True)
        message.folder = folder_id
        self.put(message)

    def drop(self, message: Message) -> None:
        """Gone for good."""
        self._bury(message)
        self._unindex(message.key)
        del self.messages[message.key]
        for key in message.files:
            self.files.pop(key, None)
            self._ground.drop("file", self._key(key))
        self._ground.drop("message", self._key(message.key))

    def keep(self, message: Message) -> None:
        """After a change nobody outside sees."""
        self._ground.put("message", self._key(message.key), lambda: asdict(message))

    def put_file(self, message: Message, file: Json) -> str:
        key = f"f{self._ground.serial()}"
        self.files[key] = file
        message.files.append(key)
        self._ground.put("file", self._key(key), lambda: file)
        return key

    def drop_file(self, message: Message, key: str) -> None:
        message.files.remove(key)
        del self.files[key]
        self._ground.drop("file", self._key(key))

    def forget_state(self) -> None:
        """All delta tokens given so far are void."""
        self.history.generation += 1
        self.keep_self()

    def keep_self(self) -> None:
        body = {"generation": self.history.generation, "answered": sorted(self.answered)}
        self._ground.put("box", self.owner.oid, lambda: body)

    # Inside

    def take_kept(self, kind: str, key: str, body: Json) -> None:
        """A record of this box as it was kept."""
        if kind == "folder":
            self._take_folder(Folder(**body))
        elif kind == "box":
            self.history.generation = body["generation"]
            self.answered = set(body["answered"])
        elif kind == "file":
            self.files[key] = body
        elif kind == "mail-tomb":
            self.history.take_kept(body)
        elif kind == "message":
            message = Message(**body)
            self.messages[message.key] = message
            self._take(message)

    def ready(self) -> None:
        """After the kept records, if any: all folders are there, and the changes in order."""
        for well_known, name in {**WELL_KNOWN, GONE: "Recoverable Items"}.items():
            if well_known not in self._well_known:
                self.add_folder(name, well_known)
        messages = self.messages.values()
        self.history.ready((each.number, each.folder, each.key) for each in messages)

    def _key(self, key: str) -> str:
        return f"{self.owner.oid}/{key}"

    def _take_folder(self, folder: Folder) -> None:
        self.folders[folder.id] = folder
        if folder.well_known:
            self._well_known[folder.well_known] = folder.id

    def _take(self, message: Message) -> None:
        data = message.data
        entries = (
            ("folder", message.folder),
            ("internetMessageId", message.internet_id.casefold()),
            ("conversationId", str(data["conversationId"]).casefold()),
            *((name, value.casefold()) for name, value in message.properties.items()),
        )
        ids = (message.id, message.immutable_id)
        for name in ids:
            self._by_id[name] = message.key
        for entry in entries:
            self._index[entry][message.key] = None
        self._filed[message.key] = (ids, entries)

    def _unindex(self, key: str) -> None:
        """By what was filed, not by what the message says now."""
        ids, entries = self._filed.pop(key)
        for name in ids:
            del self._by_id[name]
        for entry in entries:
            del self._index[entry][key]
            if not self._index[entry]:
                del self._index[entry]

    def _bury(self, message: Message) -> None:
        told = {"id": message.id, "immutable_id": message.immutable_id}
        self.history.removed(message.folder, message.key, told)
