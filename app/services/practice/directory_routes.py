"""Who one is, and the settings of a mailbox."""

from __future__ import annotations

from app.services.practice.call import Answer, Call
from app.services.practice.people import User
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant

_SHOWN = (
    *("businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone"),
    *("officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"),
)


def shown_user(user: User) -> Json:
    first, _, last = user.name.partition(" ")
    found: Json = dict.fromkeys(_SHOWN)
    found.update(
        businessPhones=[],
        displayName=user.name,
        givenName=first or None,
        surname=last or None,
        mail=user.email,
        userPrincipalName=user.email,
        id=user.oid,
    )
    return found


def me(tenant: Tenant, call: Call) -> Answer:
    found = shown_user(call.owner)
    if wanted := call.query.get("$select"):
        names = [each.strip() for each in wanted.split(",")]
        found = {name: found.get(name) for name in names}
    return Answer(200, {"@odata.context": f"{call.base}/v1.0/$metadata#users/$entity", **found})


def settings(tenant: Tenant, call: Call) -> Answer:
    user = call.owner
    away = bool(user.automatic_reply)
    return Answer(
        200,
        {
            "@odata.context": call.context("mailboxSettings"),
            "timeZone": user.zone,
            "userPurpose": "shared" if user.shared else "user",
            "automaticRepliesSetting": {
                "status": "alwaysEnabled" if away else "disabled",
                "externalAudience": "all",
                "internalReplyMessage": user.automatic_reply,
                "externalReplyMessage": user.automatic_reply,
            },
        },
    )
