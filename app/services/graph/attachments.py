"""Files on a draft: in the draft's own request, one by one, or in pieces."""

from __future__ import annotations

from base64 import b64encode

from app.services.graph import words
from app.services.graph.answers import Json, required
from app.services.graph.client import IMMUTABLE, GraphClient
from app.services.ports.mail import File
from app.services.ports.trouble import Refused, Unclear

ONE_REQUEST = 2_500_000
"""Bytes of files that go with the draft: a request is limited to 4 MB, and base64 adds a third."""
SMALL = 3_000_000
"""From here on Graph wants an upload session."""
PIECE = 12 * 320 * 1024
"""Less than 4 MB, and a multiple of what Graph's pieces are multiples of."""


def inline(file: File) -> Json:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": file.name,
        "contentType": file.content_type,
        "contentBytes": b64encode(file.content).decode(),
    }


def attach(client: GraphClient, message_path: str, file: File, mailbox: str) -> None:
    """Put one file on a draft that is there."""
    path = f"{message_path}/attachments"
    if len(file.content) < SMALL:
        client.write("POST", path, inline(file), prefer=(IMMUTABLE,), mailbox=mailbox)
        return
    item = {
        "attachmentType": "file",
        "name": file.name,
        "size": len(file.content),
        "contentType": file.content_type,
    }
    try:
        session = client.write(
            "POST",
            f"{path}/createUploadSession",
            {"AttachmentItem": item},
            prefer=(IMMUTABLE,),
            mailbox=mailbox,
        )
    except Refused as refused:
        if mailbox and refused.status == 403:
            raise Refused(
                f"Outlook takes no file as large as {file.name} in a shared mailbox. Put it where "
                "people can fetch it and send the link.",
                refused.reason,
                refused.status,
            ) from None
        raise
    _upload(client, required(session, "uploadUrl"), file.content, mailbox)


def _upload(client: GraphClient, url: str, content: bytes, mailbox: str) -> None:
    """In order; the service says in each answer where it wants to go on."""
    at = 0
    while at < len(content):
        answer = client.put(url, content[at : at + PIECE], at, len(content), mailbox=mailbox)
        wanted = _wanted(answer)
        if wanted is None:
            if at + PIECE < len(content):
                raise Unclear(words.NOT_BELIEVED)
            return
        if wanted <= at:
            raise Unclear(words.NOT_BELIEVED)
        at = wanted


def _wanted(answer: Json) -> int | None:
    """`nextExpectedRanges` of an answer (also in PascalCase), None after the last piece."""
    for name, ranges in answer.items():
        if name.casefold() == "nextexpectedranges" and ranges:
            first = str(ranges[0]).partition("-")[0]
            if first.isdigit():
                return int(first)
    return None
