"""Reading mail: lists with $filter, $select, $expand and pages, one message, folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.services.practice.call import Answer, Call
from app.services.practice.errors import bad
from app.services.practice.filters import Filter, parse
from app.services.practice.mail_box import Box, Folder, Message
from app.services.practice.mail_shape import View, shown
from app.services.practice.schema import spelled
from app.services.practice.state import Json

_INDEXED = ("internetMessageId", "conversationId")
_PROPERTY = re.compile(
    r"singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(?:ep/)?id\s+eq\s+'((?:[^']|'')*)'\s*\)",
    re.IGNORECASE,
)
_NAVIGATION = {"attachments": "attachments"} | {
    "singlevalueextendedproperties": "singleValueExtendedProperties"
}


def view(call: Call, type_name: str = "message") -> View:
    """How this call wants things shown. Raises Refusal for a name there is not."""
    select = None
    if wanted := call.query.get("$select"):
        select = frozenset(_spelled(type_name, each.strip()) for each in wanted.split(","))
    expand, property_id = _expanded(call.query.get("$expand", ""))
    return View(call.base, select, expand, property_id, call.immutable, call.as_text)


def _spelled(type_name: str, name: str) -> str:
    found = spelled(type_name, name)
    if found is None:
        raise bad(
            "RequestBroker--ParseUri",
            f"Could not find a property named '{name}' on type 'microsoft.graph.{type_name}'.",
        )
    return found


def _expanded(text: str) -> tuple[frozenset[str], str]:
    found: set[str] = set()
    property_id = ""
    if (match := _PROPERTY.search(text)) is not None:
        property_id = match.group(1).replace("''", "'")
        found.add("singleValueExtendedProperties")
        text = _PROPERTY.sub("", text)
    for each in filter(None, (part.strip() for part in text.split(","))):
        name = each.partition("(")[0].casefold()
        if name not in _NAVIGATION:
            raise bad("BadRequest", f"Parsing OData Select and Expand failed: '{each}'.")
        found.add(_NAVIGATION[name])
    return frozenset(found), property_id


def filterable(message: Message) -> Json:
    """The message as $filter sees it."""
    pairs = [{"id": name, "value": value} for name, value in message.properties.items()]
    return {**message.data, "singleValueExtendedProperties": pairs}


def listed(call: Call, box: Box, folder: Folder | None) -> Answer:
    """One page, newest first; without a folder all of the mailbox."""
    seen = view(call)
    wanted = parse(call.query["$filter"]) if call.query.get("$filter") else None
    order = _order(call.query.get("$orderby", ""), wanted)
    found = _candidates(box, folder, wanted)
    if wanted is not None:
        found = [each for each in found if wanted.test(filterable(each))]
    found = _sorted(found, order)
    skip, top = _skip(call), call.page_size
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


def _skip(call: Call) -> int:
    text = call.query.get("$skip", "0")
    if not text.isdigit():
        raise bad("ErrorInvalidUrlQueryFilter", f"Invalid value '{text}' for $skip.")
    return int(text)


def one(call: Call, box: Box, message: Message) -> Answer:
    body = {"@odata.context": call.context("messages/$entity")}
    return Answer(200, body | shown(box, message, view(call)))


def made(call: Call, box: Box, message: Message, status: int = 201) -> Answer:
    """What a POST or PATCH shows: never extended properties."""
    seen = replace(View(call.base), immutable=call.immutable, as_text=call.as_text)
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
