"""Attachments: small ones in one request, large ones in pieces through an upload session."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe

from app.services.practice.errors import Refusal, bad, not_found
from app.services.practice.ground import Ground, stamp
from app.services.practice.mail_box import Box, Message
from app.services.practice.state import Json

LEAST_SESSION = 3 * 1024 * 1024
MOST_SESSION = 150 * 1024 * 1024
LARGEST_MESSAGE = 35 * 1024 * 1024
LARGEST_PIECE = 4 * 1024 * 1024
SESSION = timedelta(hours=1)


def attach(box: Box, message: Message, given: Json, ground: Ground) -> str:
    """Add a file of a request to `message`; its key. Raises Refusal for one too large."""
    kind = given.get("@odata.type", "#microsoft.graph.fileAttachment")
    content = given.get("contentBytes") or ""
    size = len(b64decode(content)) if content else len(str(given.get("item") or ""))
    total = size + sum(int(box.files[each]["size"]) for each in message.files)
    if total > LARGEST_MESSAGE:
        raise Refusal(
            413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size."
        )
    file: Json = {
        "@odata.type": kind,
        "lastModifiedDateTime": stamp(ground.now()),
        "name": given.get("name") or "",
        "contentType": given.get("contentType") or "application/octet-stream",
        "size": size,
        "isInline": bool(given.get("isInline")),
    }
    if kind.endswith("fileAttachment"):
        file["contentId"] = given.get("contentId")
        file["contentLocation"] = given.get("contentLocation")
        file["contentBytes"] = content
    key = box.put_file(message, file)
    message.data["hasAttachments"] = any(not box.files[each]["isInline"] for each in message.files)
    return key


@dataclass(slots=True)
class Upload:
    """A session: pieces come in order until `size` bytes are there."""

    box: Box
    message: str
    file: Json
    size: int
    expires_at: datetime
    content: bytearray = field(default_factory=bytearray)

    @property
    def expected(self) -> list[str]:
        return [str(len(self.content))]


class Uploads:
    """Sessions live as long as the process."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._open: dict[str, Upload] = {}

    def begin(self, box: Box, message: Message, item: Json) -> tuple[str, Upload]:
        """The session's token. Raises Refusal for a file too small or too large for one."""
        size = int(item.get("size") or 0)
        if size < LEAST_SESSION:
            raise bad(
                "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
                f"Attachment size must be greater than the minimum size. Minimum size: "
                f"{LEAST_SESSION}.",
            )
        if size > MOST_SESSION:
            raise bad(
                "ErrorAttachmentSizeLimitExceeded", "The attachment is larger than is allowed."
            )
        expires = self._ground.now() + SESSION
        token = token_urlsafe(24)
        self._open[token] = Upload(box, message.key, item, size, expires)
        return token, self._open[token]

    def put(self, token: str, content_range: str, content: bytes) -> tuple[Upload, Message, str]:
        """One piece. The third is the attachment's key once the last piece is there."""
        upload = self._find(token)
        message = upload.box.messages.get(upload.message)
        if message is None:
            raise not_found()
        if len(content) > LARGEST_PIECE:
            raise Refusal(413, "RequestEntityTooLarge", "The piece is larger than 4 MB.")
        first = len(upload.content)
        last = first + len(content) - 1
        if content_range != f"bytes {first}-{last}/{upload.size}" or last >= upload.size:
            raise Refusal(
                416,
                "ErrorInvalidContentRange",
                f"Expected a range that begins with {first} of {upload.size}.",
            )
        upload.content += content
        if len(upload.content) < upload.size:
            return upload, message, ""
        given = {
            "name": upload.file.get("name"),
            "contentType": upload.file.get("contentType"),
            "isInline": upload.file.get("isInline"),
            "contentId": upload.file.get("contentId"),
            "contentBytes": b64encode(upload.content).decode(),
        }
        key = attach(upload.box, message, given, self._ground)
        upload.box.put(message)
        del self._open[token]
        return upload, message, key

    def cancel(self, token: str) -> None:
        self._find(token)
        del self._open[token]

    def _find(self, token: str) -> Upload:
        upload = self._open.get(token)
        if upload is None or upload.expires_at <= self._ground.now():
            raise Refusal(404, "itemNotFound", "The upload session was not found.")
        return upload
