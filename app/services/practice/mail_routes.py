"""Graph's mail calls, each a function of the tenant and one call."""

from __future__ import annotations

from base64 import b64decode

from app.services.practice import mail_reading as reading
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal, bad, denied
from app.services.practice.ground import stamp
from app.services.practice.mail_box import Message
from app.services.practice.mail_delivery import put_on_top
from app.services.practice.mail_delta import changes
from app.services.practice.mail_files import attach
from app.services.practice.mail_replies import FORWARD, REPLY, REPLY_ALL, derived
from app.services.practice.mail_shape import file_key, shown_file
from app.services.practice.schema import checked, checked_action
from app.services.practice.tenant import Tenant
from app.services.practice.views import view_of


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
    changed = tenant.mail.patch(call.owner, found, checked("message", call.json()))
    return reading.made(call, tenant.mail.box(call.owner), changed, 200)


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


def reply(tenant: Tenant, call: Call) -> Answer:
    return _sent_at_once(tenant, call, "reply", REPLY)


def reply_all(tenant: Tenant, call: Call) -> Answer:
    return _sent_at_once(tenant, call, "replyAll", REPLY_ALL)


def forward(tenant: Tenant, call: Call) -> Answer:
    return _sent_at_once(tenant, call, "forward", FORWARD)


def _sent_at_once(tenant: Tenant, call: Call, action: str, kind: str) -> Answer:
    """A message of its own at each call; here the comment does reach it."""
    parameters = checked_action(f"message/{action}", call.json(), may_be_empty=True)
    draft = derived(tenant.mail, call.owner, _message(tenant, call), kind, parameters)
    put_on_top(draft, str(parameters.get("comment") or ""))
    tenant.mail.box(call.owner).put(draft)
    try:
        tenant.mail.send(call.caller, call.owner, draft)
    except Refusal:
        tenant.mail.box(call.owner).drop(draft)
        raise
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


def attachments(tenant: Tenant, call: Call) -> Answer:
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    value = [shown_file(box, key, found) for key in found.files]
    if call.query.get("$select"):
        names = view_of(call, "fileAttachment").select or frozenset()
        always = {"@odata.type", "id"}
        value = [{k: v for k, v in each.items() if k in names | always} for each in value]
    return Answer(200, {"@odata.context": call.context("attachments"), "value": value})


def add_attachment(tenant: Tenant, call: Call) -> Answer:
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    body = call.json()
    if isinstance(body, dict) and "@odata.type" not in body:
        raise bad("BadRequest", "The '@odata.type' of an attachment is required.")
    key = attach(box, found, checked("attachment", body), tenant.ground)
    box.put(found)
    body = {"@odata.context": call.context("attachments/$entity")}
    return Answer(201, body | shown_file(box, key, found))


def attachment(tenant: Tenant, call: Call) -> Answer:
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    key = file_key(box, found, call.parts[1])
    body = {"@odata.context": call.context("attachments/$entity")}
    return Answer(200, body | shown_file(box, key, found))


def attachment_content(tenant: Tenant, call: Call) -> Answer:
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    file = box.files[file_key(box, found, call.parts[1])]
    content = b64decode(file.get("contentBytes") or "")
    return Answer(200, None, {"Content-Type": file["contentType"]}, content)


def drop_attachment(tenant: Tenant, call: Call) -> Answer:
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    box.drop_file(found, file_key(box, found, call.parts[1]))
    found.data["hasAttachments"] = any(not box.files[each]["isInline"] for each in found.files)
    box.put(found)
    return Answer(204)


def upload_session(tenant: Tenant, call: Call) -> Answer:
    """Not in mailboxes of others: Graph answers 403 there."""
    if call.owner is not call.caller:
        raise denied()
    box, found = tenant.mail.box(call.owner), _message(tenant, call)
    item = checked_action("Collection(attachment)/createUploadSession", call.json())
    token, upload = tenant.mail.uploads.begin(box, found, item["attachmentItem"])
    return Answer(
        201,
        {
            "@odata.context": f"{call.base}/v1.0/$metadata#microsoft.graph.uploadSession",
            "uploadUrl": f"{call.base}/upload/{token}",
            "expirationDateTime": stamp(upload.expires_at),
            "nextExpectedRanges": [f"{upload.expected[0]}-"],
        },
    )


def delta(tenant: Tenant, call: Call) -> Answer:
    box = tenant.mail.box(call.owner)
    return changes(tenant, call, box, box.folder(call.parts[0]))


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
