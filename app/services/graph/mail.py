"""The mailbox over Graph: a draft that carries our key, sent by its id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.services.graph import words
from app.services.graph.answers import Json, in_shape, left_at, required, rows_of
from app.services.graph.arrivals import arrived, is_removed
from app.services.graph.attachments import ONE_REQUEST, attach, inline
from app.services.graph.client import IMMUTABLE, GraphClient
from app.services.graph.drafts import draft_body, half, noted
from app.services.graph.hosts import segment
from app.services.graph.keys import carries, quoted
from app.services.graph.times import moment, stamp
from app.services.ports.mail import Folder, Found, MailChanges, Outgoing
from app.services.ports.trouble import Gone, Refused, RemoteTrouble, Unclear

_FOUND = "id,internetMessageId,conversationId,isDraft,webLink,sentDateTime"
_LISTED = (
    "id,internetMessageId,conversationId,subject,from,receivedDateTime,sentDateTime,bodyPreview,"
    "isDraft"
)
_PAGE = "odata.maxpagesize=25"


class GraphMailbox:
    """Implements `ports.mail.Mailbox`.

    A draft made in several steps (a forward, an answer, large files) carries a mark of its own
    until it is whole, so that `find` never shows, and nobody sends, half a message.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._sent_folders: dict[str, str] = {}

    def create_draft(self, message: Outgoing) -> Found:
        size = sum(len(file.content) for file in message.files)
        if not message.forward_of and not message.answer_to and size <= ONE_REQUEST:
            body = draft_body(message, message.key)
            if message.files:
                body["attachments"] = [inline(file) for file in message.files]
            return _found(self._write("POST", "/messages", body, message.mailbox))
        return self._in_steps(message)

    def find(self, key: str, internet_id: str = "", mailbox: str = "") -> Sequence[Found]:
        asked = [carries(key)] if key else []
        if internet_id:
            asked.append(f"internetMessageId eq '{quoted(internet_id)}'")
        found: dict[str, Found] = {}
        for folder in (Folder.DRAFTS, Folder.SENT):
            for filtered in asked:
                for row in self._in_folder(folder, filtered, mailbox):
                    with in_shape():
                        found.setdefault(row["id"], _found(row))
        return tuple(found.values())

    def send(self, draft_id: str, mailbox: str = "") -> None:
        self._write("POST", f"/messages/{segment(draft_id)}/send", None, mailbox)

    def delete_draft(self, draft_id: str, mailbox: str = "") -> None:
        """Looks first, as the id of a draft may still be that of the message once it is sent."""
        path = f"/messages/{segment(draft_id)}"
        row = self._get(path, {"$select": "isDraft,parentFolderId"}, mailbox)
        if not row.get("isDraft") and row.get("parentFolderId") == self._sent_folder(mailbox):
            raise Gone(words.GONE)
        self._write("DELETE", path, None, mailbox)

    def changes(
        self, folder: Folder, cursor: str, since: datetime, mailbox: str = ""
    ) -> MailChanges:
        prefer = (IMMUTABLE, _PAGE)
        if not cursor:
            page = self._client.get(
                f"{_home(mailbox)}/mailFolders/{folder.value}/messages/delta",
                {"$select": _LISTED, "$filter": f"receivedDateTime ge {stamp(since)}"},
                prefer=prefer,
                mailbox=mailbox,
            )
        else:
            page = self._client.resume(cursor, prefer=prefer, mailbox=mailbox)
        cursor, more = left_at(page)
        with in_shape():
            rows = rows_of(page)
            arrivals = [
                arrived(row, self._hydrated(row, mailbox) if folder is Folder.INBOX else {})
                for row in rows
                if not is_removed(row) and not row.get("isDraft")
            ]
            removed = tuple(str(row["id"]) for row in rows if is_removed(row))
        return MailChanges(tuple(arrivals), removed, cursor, more)

    def _hydrated(self, row: Json, mailbox: str) -> Json:
        """Headers and words, which lists do not give. Nothing when it went meanwhile."""
        path = f"/messages/{segment(row['id'])}"
        selected = {"$select": "id,internetMessageHeaders,uniqueBody,body"}
        plain = 'outlook.body-content-type="text"'
        try:
            return self._get(path, selected, mailbox, plain)
        except Gone:
            return {}

    def _in_steps(self, message: Outgoing) -> Found:
        self._sweep(message)
        marked = half(message.key)
        if message.forward_of or message.answer_to:
            act, source = (
                ("createForward", message.forward_of)
                if message.forward_of
                else ("createReply", message.answer_to)
            )
            path = f"/messages/{segment(source)}/{act}"
            row = self._born(path, marked, message.mailbox)
        else:
            row = self._write("POST", "/messages", draft_body(message, marked), message.mailbox)
        path = f"/messages/{segment(required(row, 'id'))}"
        try:
            for file in message.files:
                attach(self._client, f"{_home(message.mailbox)}{path}", file, message.mailbox)
            with in_shape(write=True):
                whole = draft_body(message, message.key, over=row)
            return _found(self._write("PATCH", path, whole, message.mailbox))
        except RemoteTrouble as trouble:
            self._drop(path, message.mailbox)
            if isinstance(trouble, Gone):  # the half-made draft went: nothing was made
                raise Unclear(words.NOT_BELIEVED) from None
            raise

    def _born(self, path: str, mark: str, mailbox: str) -> Json:
        """A forward or an answer. No page says that it may be born with our mark: when the service
        declines, it is born without."""
        try:
            return self._write("POST", path, {"message": noted(mark)}, mailbox)
        except Refused as refused:
            if refused.status != 400:
                raise
            return self._write("POST", path, {}, mailbox)

    def _sweep(self, message: Outgoing) -> None:
        """What an earlier try left half made."""
        for row in self._in_folder(Folder.DRAFTS, carries(half(message.key)), message.mailbox):
            self._drop(f"/messages/{segment(required(row, 'id'))}", message.mailbox)

    def _drop(self, path: str, mailbox: str) -> None:
        try:
            self._write("DELETE", path, None, mailbox)
        except RemoteTrouble:
            return  # it stays in Drafts, marked as half made, and is swept by the next try

    def _in_folder(self, folder: Folder, filtered: str, mailbox: str) -> list[Json]:
        return list(
            self._client.items(
                f"{_home(mailbox)}/mailFolders/{folder.value}/messages",
                {"$filter": filtered, "$select": _FOUND},
                prefer=(IMMUTABLE,),
                mailbox=mailbox,
            )
        )

    def _sent_folder(self, mailbox: str) -> str:
        if mailbox not in self._sent_folders:
            row = self._get(f"/mailFolders/{Folder.SENT.value}", {"$select": "id"}, mailbox)
            self._sent_folders[mailbox] = str(row.get("id") or "")
        return self._sent_folders[mailbox]

    def _get(self, path: str, params: dict[str, str], mailbox: str, *prefer: str) -> Json:
        return self._client.get(
            f"{_home(mailbox)}{path}", params, prefer=(IMMUTABLE, *prefer), mailbox=mailbox
        )

    def _write(self, method: str, path: str, body: Json | None, mailbox: str) -> Json:
        return self._client.write(
            method, f"{_home(mailbox)}{path}", body, prefer=(IMMUTABLE,), mailbox=mailbox
        )


def _home(mailbox: str) -> str:
    return f"/users/{segment(mailbox)}" if mailbox else "/me"


def _found(row: Json) -> Found:
    return Found(
        id=required(row, "id"),
        internet_id=row.get("internetMessageId") or "",
        conversation=row.get("conversationId") or "",
        is_draft=bool(row.get("isDraft")),
        web_link=row.get("webLink") or "",
        sent_at=None if row.get("isDraft") else moment(row.get("sentDateTime")),
    )
