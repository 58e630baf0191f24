"""What changed in a folder: new, changed and removed messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.services.practice import delta
from app.services.practice.call import Answer, Call, whole
from app.services.practice.errors import bad
from app.services.practice.filters import Test, parse
from app.services.practice.mail_box import Box, Folder
from app.services.practice.mail_reading import filterable
from app.services.practice.mail_shape import shown
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant
from app.services.practice.views import view_of

_OPTIONS = ("$select", "$top", "$expand", "$filter", "$orderby", "changetype")


def changes(tenant: Tenant, call: Call, box: Box, folder: Folder) -> Answer:
    """One page of a round. Ids are as the call's own headers ask; all other options are those
    the round began with."""
    round_ = delta.begun(call, folder.id, box.history, _OPTIONS, tenant.switches)
    options = round_.options
    seen = view_of(replace(call, query=options), "message")
    wanted = _wanted(options)
    size = whole(call.preference("odata.maxpagesize") or options.get("$top"), 10)
    value: list[Json] = []
    after, more = round_.after, False
    for number, key in box.history.logs[folder.id].between(round_.after, round_.upto):
        item = _item(box, folder, key, seen.immutable)
        if item is None:
            message = box.messages[key]
            if wanted is not None and not wanted(filterable(message)):
                continue
            item = shown(box, message, seen)
        elif round_.first:
            continue
        if len(value) == size:
            more = True
            break
        value.append(item)
        after = number
    if not more:
        after = round_.upto
    return Answer(200, delta.page(call, "messages/$delta", value, round_.token(after), more=more))


def _item(box: Box, folder: Folder, key: str, immutable: bool) -> Json | None:
    """The word that a message left this folder; None when it is in it."""
    tomb = box.history.tomb(folder.id, key)
    if tomb is None:
        return None
    name = tomb["immutable_id"] if immutable else tomb["id"]
    return {"id": name, "@removed": {"reason": "deleted"}}


def _wanted(options: Mapping[str, str]) -> Test | None:
    order = options.get("$orderby", "")
    if order and order.casefold() not in ("receiveddatetime desc",):
        raise bad("ErrorInvalidUrlQuery", "Only $orderby=receivedDateTime desc is supported.")
    text = options.get("$filter", "")
    if not text:
        return None
    wanted = parse(text)
    allowed = text.replace("+", " ").split()[:2]
    if list(wanted.named) != ["receivedDateTime"] or allowed[1:] not in (["ge"], ["gt"]):
        raise bad("ErrorInvalidUrlQueryFilter", "Only receivedDateTime ge or gt is supported.")
    return wanted.test
