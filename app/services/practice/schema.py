"""Requests are held to Graph's own schema: unknown names and wrong kinds of value are 400.

What comes out is spelled as the schema spells it: Outlook takes any case of enum values and of
action parameters, and answers in one.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from app.resources import resource
from app.services.practice.errors import Refusal, bad
from app.services.practice.ground import moment
from app.services.practice.state import Json

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?$")


@lru_cache(maxsize=1)
def _schema() -> Json:
    schema: Json = json.loads(resource("practice/graph.json").read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=200)
def properties(type_name: str) -> dict[str, str]:
    """All properties of a type, its bases' included."""
    described = _schema()["types"][type_name]
    base = described.get("base")
    return {**(properties(base) if base else {}), **described["properties"]}


@lru_cache(maxsize=200)
def _lower(type_name: str) -> dict[str, str]:
    return {name.casefold(): name for name in properties(type_name)}


def spelled(type_name: str, name: str) -> str | None:
    """A property's name as the schema spells it; None when there is no such property."""
    return _lower(type_name).get(name.casefold())


def checked(type_name: str, body: Any) -> Json:
    """`body` as an entity or complex type. Raises Refusal 400."""
    if not isinstance(body, dict):
        raise bad("BadRequest", "Unable to read JSON request payload.")
    return _entity(type_name, body)


def checked_action(action: str, body: Any, *, may_be_empty: bool = False) -> Json:
    """The parameters of `action` ("message/createForward") with their first letter small."""
    parameters: dict[str, str] = _schema()["actions"][action]
    if body is None and may_be_empty:
        body = {}
    if not isinstance(body, dict):
        raise bad("BadRequest", "Unable to read JSON request payload.")
    known = {name.casefold(): (name, kind) for name, kind in parameters.items()}
    found: Json = {}
    for name, value in body.items():
        if name.startswith("@"):
            continue
        if name.casefold() not in known:
            raise bad(
                "BadRequest",
                f"The parameter '{name}' in the request payload is not a valid parameter for "
                f"the operation '{action.rpartition('/')[2]}'.",
            )
        spelling, kind = known[name.casefold()]
        found[spelling[0].lower() + spelling[1:]] = _value(kind, value, spelling)
    for spelling, kind in parameters.items():
        if kind.endswith("!") and found.get(spelling[0].lower() + spelling[1:]) is None:
            raise bad("ErrorInvalidRequest", f"The parameter '{spelling}' is required.")
    return found


def _entity(type_name: str, body: Json) -> Json:
    named = body.get("@odata.type")
    if isinstance(named, str):
        plain = named.removeprefix("#").removeprefix("microsoft.graph.")
        if plain not in _schema()["types"] or not _is_a(plain, type_name):
            raise bad("RequestBodyRead", f"A type named '{named}' could not be resolved.")
        type_name = plain
    known = properties(type_name)
    result: Json = {}
    for name, value in body.items():
        if "@" in name:
            if name == "@odata.type":
                result[name] = f"#microsoft.graph.{type_name}"
            continue
        kind = known.get(name)
        if kind is None:
            raise bad(
                "RequestBodyRead",
                f"The property '{name}' does not exist on type 'microsoft.graph.{type_name}'. "
                "Make sure to only use property names that are defined by the type.",
            )
        result[name] = _value(kind, value, name)
    return result


def _is_a(type_name: str | None, base: str) -> bool:
    while type_name is not None and type_name != base:
        type_name = _schema()["types"][type_name].get("base")
    return type_name == base


def _value(kind: str, value: Any, name: str) -> Any:
    never_null = kind.endswith("!")
    kind = kind.removesuffix("!")
    if kind.endswith("[]"):
        if not isinstance(value, list):
            raise _wrong(name, kind, value)
        each_kind = kind.removesuffix("[]") + ("!" if never_null else "")
        return [_value(each_kind, each, name) for each in value]
    if value is None:
        if never_null:
            raise _wrong(name, kind, value)
        return None
    if kind.startswith("Edm."):
        if not _EDM[kind](value):
            raise _wrong(name, kind, value)
        return value
    members = _schema()["enums"].get(kind)
    if members is not None:
        found = {each.casefold(): each for each in members}
        if not isinstance(value, str) or value.casefold() not in found:
            raise _wrong(name, f"microsoft.graph.{kind}", value)
        return found[value.casefold()]
    if not isinstance(value, dict):
        raise _wrong(name, f"microsoft.graph.{kind}", value)
    return _entity(kind, value)


def _wrong(name: str, kind: str, value: Any) -> Refusal:
    shown = json.dumps(value)[:60]
    return bad("RequestBodyRead", f"Cannot convert the value {shown} of '{name}' to '{kind}'.")


def _whole(bits: int) -> Callable[[Any], bool]:
    top = 2 ** (bits - 1)
    return lambda value: type(value) is int and -top <= value < top


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not _TIME.match(value):
        return False
    try:
        moment(value)
    except ValueError:
        return False
    return True


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (ValueError, TypeError):
        return False
    return True


def _is_base64(value: Any) -> bool:
    try:
        b64decode(value.encode(), validate=True)
    except (NotBase64, ValueError, AttributeError):
        return False
    return True


_EDM: dict[str, Callable[[Any], bool]] = {
    "Edm.String": _is_text,
    "Edm.Guid": _is_text,
    "Edm.Duration": _is_text,
    "Edm.TimeOfDay": _is_text,
    "Edm.Stream": _is_text,
    "Edm.Boolean": lambda value: isinstance(value, bool),
    "Edm.Int32": _whole(32),
    "Edm.Int64": _whole(64),
    "Edm.Double": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "Edm.DateTimeOffset": _is_moment,
    "Edm.Date": _is_date,
    "Edm.Binary": _is_base64,
}
