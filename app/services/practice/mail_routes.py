"""Graph's mail calls, each a function of the tenant and one call."""

from __future__ import annotations

from app.services.practice import mail_reading as reading
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal, bad
from app.services.practice.mail_box import Message
from app.services.practice.mail_replies import FORWARD, REPLY, REPLY_ALL, derived
from app.services.practice.schema import checked, checked_action
from app.services.practice.tenant import Tenant


def folders(tenant: Tenant, call: Call) -> Answer:
    box = tenant.mail.box(call.owner)
    visible = [each for each in box.folders.values() if not box.is_hidden(each)]
    value = [reading.shown_folder(box, each) for each in visible]
    return Answer(200, {"@odata.context": call.context("mailFolders"), "value": value})


def folder(tenant: Tenant, call: Call) -> Answer:
    box = tenant.mail.box(call.owner)
    body = {"@odata.context": call.context("mailFolders/$entity")}
    return Answer(200, body | reading.shown_folder(box, box.folder(call.parts[0])))


def add_folder(tenant: Tenant, call: Call) -> Answer:
    values = checked("mailFolder", call.json())
    name = str(values.get("displayName") or "")
    box = tenant.mail.box(call.owner)
    if not name:
        raise bad("ErrorInvalidRequest", "The folder has no name.")
    if any(each.name.casefold() == name.casefold() for each in box.folders.values()):
        raise Refusal(409, "ErrorFolderExists", "A folder with the specified name already exists.")
    return Answer(201, reading.shown_folder(box, box.add_folder(name)))


def messages(tenant: Tenant, call: Call) -> Answer:
    box = tenant.mail.box(call.owner)
    return reading.listed(call, box, box.folder(call.parts[0]) if call.parts else None)


def message(tenant: Tenant, call: Call) -> Answer:
    return reading.one(call, tenant.mail.box(call.owner), _message(tenant, call))


def create(tenant: Tenant, call: Call) -> Answer:
    if call.headers.get("content-type", "").startswith("text/plain"):
        raise Refusal(501, "NotImplemented", "MIME content is not part of the practice tenant.")
    values = checked("message", call.json())
    box = tenant.mail.box(call.owner)
    place = box.folder(call.parts[0]).id if call.parts else ""
    return reading.made(call, box, tenant.mail.draft(call.owner, values, folder=place))


def patch(tenant: Tenant, call: Call) -> Answer:
    found = _message(tenant, call)
    _unchanged(call, found)
    tenant.mail.patch(call.owner, found, checked("message", call.json()))
    return reading.made(call, tenant.mail.box(call.owner), found, 200)


def delete(tenant: Tenant, call: Call) -> Answer:
    found = _message(tenant, call)
    _unchanged(call, found)
    tenant.mail.delete(call.owner, found)
    return Answer(204)


def move(tenant: Tenant, call: Call) -> Answer:
    found = _message(tenant, call)
    box = tenant.mail.box(call.owner)
    wanted = checked_action("message/move", call.json())["destinationId"]
    box.move(found, box.folder(wanted).id)
    return reading.made(call, box, found)


def send(tenant: Tenant, call: Call) -> Answer:
    tenant.mail.send(call.caller, call.owner, _message(tenant, call))
    return Answer(202)


def send_mail(tenant: Tenant, call: Call) -> Answer:
    body = call.json()
    if isinstance(body, dict):  # Microsoft's own samples send "false" as a string
        body = {
            name: value.casefold() == "true"
            if name.casefold() == "savetosentitems" and isinstance(value, str)
            else value
            for name, value in body.items()
        }
    parameters = checked_action("user/sendMail", body)
    keep = parameters.get("saveToSentItems") is not False
    tenant.mail.send_new(call.caller, call.owner, parameters["message"], keep_copy=keep)
    return Answer(202)


def create_forward(tenant: Tenant, call: Call) -> Answer:
    return _derived(tenant, call, FORWARD)


def create_reply(tenant: Tenant, call: Call) -> Answer:
    return _derived(tenant, call, REPLY)


def create_reply_all(tenant: Tenant, call: Call) -> Answer:
    return _derived(tenant, call, REPLY_ALL)


def _derived(tenant: Tenant, call: Call, kind: str) -> Answer:
    found = _message(tenant, call)
    parameters = checked_action(f"message/{kind}", call.json(), may_be_empty=True)
    draft = derived(tenant.mail, call.owner, found, kind, parameters)
    return reading.made(call, tenant.mail.box(call.owner), draft)


def _message(tenant: Tenant, call: Call) -> Message:
    return tenant.mail.box(call.owner).find(call.parts[0])


def _unchanged(call: Call, found: Message) -> None:
    wanted = call.headers.get("if-match", "*")
    if wanted not in ("*", f'W/"{found.data["changeKey"]}"'):
        raise Refusal(
            412,
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed "
            "in the request does not match the current change key for the item.",
        )
