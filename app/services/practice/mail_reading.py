"""Reading mail: lists with $filter, $select, $expand and pages, one message, folders."""

from __future__ import annotations

from collections.abc import Iterable

from app.services.practice.call import Answer, Call
from app.services.practice.errors import bad
from app.services.practice.filters import Filter, parse
from app.services.practice.mail_box import Box, Folder, Message
from app.services.practice.mail_shape import shown
from app.services.practice.state import Json
from app.services.practice.views import view_of

_INDEXED = ("internetMessageId", "conversationId")


def filterable(message: Message) -> Json:
    """The message as $filter sees it."""
    pairs = [{"id": name, "value": value} for name, value in message.properties.items()]
    return {**message.data, "singleValueExtendedProperties": pairs}


def listed(call: Call, box: Box, folder: Folder | None) -> Answer:
    """One page, newest first; without a folder all of the mailbox."""
    seen = view_of(call, "message")
    wanted = parse(call.query["$filter"]) if call.query.get("$filter") else None
    order = _order(call.query.get("$orderby", ""), wanted)
    found = _candidates(box, folder, wanted)
    if wanted is not None:
        found = [each for each in found if wanted.test(filterable(each))]
    found = _sorted(found, order)
    skip, top = call.skip, call.page_size
    page = found[skip : skip + top]
    body: Json = {"@odata.context": call.context("messages")}
    if call.query.get("$count", "").casefold() == "true":
        body["@odata.count"] = len(found)
    body["value"] = [shown(box, each, seen) for each in page]
    if skip + top < len(found):
        body["@odata.nextLink"] = call.link(**{"$skip": str(skip + top)})
    return Answer(200, body)


def _candidates(box: Box, folder: Folder | None, wanted: Filter | None) -> list[Message]:
    for name, value in wanted.equal if wanted else ():
        if name in _INDEXED or " " in name:  # an extended property's id has a blank
            near: Iterable[Message] = box.having(name, value)
            break
    else:
        if folder is not None:
            return box.in_folder(folder.id)
        near = box.messages.values()
    if folder is not None:
        return [each for each in near if each.folder == folder.id]
    return [each for each in near if each.folder in box.folders and not box.is_gone(each)]


def _order(text: str, wanted: Filter | None) -> tuple[str, bool]:
    """Raises Refusal 400 InefficientFilter unless what is sorted by is filtered by first."""
    if not text:
        return "receivedDateTime", True
    names = [each.strip().split() for each in text.split(",")]
    sorted_by = [each[0] for each in names]
    if wanted is not None and list(wanted.named[: len(sorted_by)]) != sorted_by:
        raise bad(
            "InefficientFilter",
            "The restriction or sort order is too complex for this operation.",
        )
    descending = len(names[0]) > 1 and names[0][1].casefold() == "desc"
    return sorted_by[0], descending


def _sorted(found: list[Message], order: tuple[str, bool]) -> list[Message]:
    name, descending = order

    def rank(message: Message) -> tuple[str, int]:
        return str(message.data.get(name) or ""), message.number

    return sorted(found, key=rank, reverse=descending)


def one(call: Call, box: Box, message: Message) -> Answer:
    body = {"@odata.context": call.context("messages/$entity")}
    return Answer(200, body | shown(box, message, view_of(call, "message")))


def made(call: Call, box: Box, message: Message, status: int = 201) -> Answer:
    """What a POST or PATCH shows: never extended properties."""
    seen = view_of(call, "message", plain=True)
    body = {"@odata.context": call.context("messages/$entity")}
    return Answer(status, body | shown(box, message, seen))


def shown_folder(box: Box, folder: Folder) -> Json:
    inside = box.in_folder(folder.id)
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": box.well_known("msgfolderroot"),
        "childFolderCount": 0,
        "unreadItemCount": sum(not each.data["isRead"] for each in inside),
        "totalItemCount": len(inside),
        "isHidden": False,
    }
