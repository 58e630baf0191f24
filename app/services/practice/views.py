"""How a caller wants things shown: $select, $expand, and what Prefer headers ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.services.practice.call import Call
from app.services.practice.errors import bad
from app.services.practice.schema import spelled

_PROPERTY = re.compile(
    r"singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(?:ep/)?id\s+eq\s+'((?:[^']|'')*)'\s*\)",
    re.IGNORECASE,
)
_NAVIGATION = {
    "attachments": "attachments",
    "singlevalueextendedproperties": "singleValueExtendedProperties",
}


@dataclass(frozen=True, slots=True)
class View:
    """`select` None is everything that comes unasked. `property_id`: the one extended property
    that is expanded, else all."""

    base: str = "https://localhost"
    select: frozenset[str] | None = None
    expand: frozenset[str] = frozenset()
    property_id: str = ""
    immutable: bool = False
    as_text: bool = False
    zone: str = "UTC"


def view_of(call: Call, type_name: str, *, plain: bool = False) -> View:
    """`plain`: what a POST or PATCH shows, which is never selected or expanded. Raises Refusal
    for a name there is not."""
    select = None
    expand: frozenset[str] = frozenset()
    property_id = ""
    if not plain:
        if wanted := call.query.get("$select"):
            select = frozenset(_spelled(type_name, each.strip()) for each in wanted.split(","))
        expand, property_id = _expanded(call.query.get("$expand", ""))
    return View(
        call.human_base, select, expand, property_id, call.immutable, call.as_text, call.zone
    )


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
