"""What a crew link answers, as an OpenAPI document: served under the link itself, so that it tells
nobody else anything, and held to the truth by a test that asks what it allows and what it does not.
"""

from __future__ import annotations

from typing import Any

from app.models.crew.taps import NOTE_LENGTH, TapAct

Plain = dict[str, Any]

_JSON, _TEXT = "application/json", "text/plain"
_ID = "^[A-Za-z0-9-]{8,64}$"
_STEP = "^[0-9a-f-]{36}$"
_AT = "^[0-9]{1,10}$"
_REVISION: Plain = {
    "name": "rev",
    "in": "query",
    "description": "The board that is known already; anything else is answered with all of it.",
    "schema": {"type": "string"},
}
_MOMENT: Plain = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 7_258_118_400}
_WHOLE: Plain = {"type": "integer", "minimum": 0, "exclusiveMaximum": 2**53}


def openapi() -> Plain:
    """Paths follow the link (`/c/TOKEN`)."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Crew board", "version": "1"},
        "servers": [{"url": "./"}],
        "paths": {
            "/board": {
                "get": {
                    "operationId": "board",
                    "parameters": [_REVISION],
                    "responses": {"200": _answer(_BOARD), **_ALWAYS},
                }
            },
            "/calls": {
                "get": {
                    "operationId": "calls",
                    "responses": {"200": _answer(_CALLS), **_ALWAYS},
                }
            },
            "/tap": {
                "post": {
                    "operationId": "tap",
                    "requestBody": {"required": True, "content": {_JSON: {"schema": _TAP}}},
                    "responses": {"200": _answer(_TAKEN), **_REFUSED, **_ALWAYS},
                }
            },
            "/photo": {
                "post": {
                    "operationId": "photo",
                    "parameters": [
                        _query("step", _STEP),
                        _query("id", _ID),
                        {**_query("at", _AT), "required": False},
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {"image/jpeg": {}, "image/png": {}},
                    },
                    "responses": {"200": _answer(_TAKEN), **_REFUSED, **_ALWAYS},
                }
            },
        },
    }


def _answer(schema: Plain, said: str = "As asked.") -> Plain:
    return {"description": said, "content": {_JSON: {"schema": schema}}}


def _plain(said: str) -> Plain:
    return {"description": said, "content": {_TEXT: {"schema": {"type": "string"}}}}


def _query(name: str, pattern: str) -> Plain:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "query", "required": True, "schema": schema}


_SAID: Plain = {
    "type": "object",
    "required": ["ok", "code", "sentence"],
    "properties": {
        "ok": {"const": False},
        "code": {"type": "string"},
        "sentence": {"type": "string", "minLength": 1},
        "board": {"type": "string", "description": "How it stands now, as /board says it."},
    },
}
_TAKEN: Plain = {
    "type": "object",
    "required": ["ok", "counted"],
    "properties": {
        "ok": {"const": True},
        "counted": {"type": "boolean", "description": "False: it was taken before."},
    },
}
_CALLS: Plain = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "phone", "role"],
        "properties": {name: {"type": "string"} for name in ("name", "phone", "role")},
    },
}
_BOARD: Plain = {
    "type": "object",
    "required": ["now", "rev", "whole", "steps"],
    "properties": {
        "now": {"type": "number"},
        "rev": {"type": "integer"},
        "whole": {"type": "boolean", "description": "It is all of it, not what changed."},
        "head": {"type": "object"},
        "bridge": {"type": ["object", "null"]},
        "order": {"type": "array", "items": {"type": "string"}},
        "steps": {"type": "object", "additionalProperties": {"type": "object"}},
    },
}
_TAP: Plain = {
    "type": "object",
    "required": ["id", "step", "act"],
    "properties": {
        "id": {"type": "string", "pattern": _ID, "description": "By it a tap counts once."},
        "step": {"type": "string", "pattern": _STEP},
        "act": {"enum": [act.value for act in TapAct if act is not TapAct.PHOTO]},
        "seen": {**_WHOLE, "description": "The step's version that was shown."},
        "rev": _WHOLE,
        "at": {**_MOMENT, "description": "When it was tapped, if that was not now."},
        "until": _MOMENT,
        "of": {"type": "string", "pattern": _ID, "description": "The tap that is taken back."},
        "note": {"type": "string", "maxLength": NOTE_LENGTH},
    },
}
_ALWAYS: Plain = {
    "404": {
        "description": "The link opens nothing, or the step is not there.",
        "content": {_TEXT: {"schema": {"type": "string"}}, _JSON: {"schema": _SAID}},
    },
    "405": _plain("That is not done here."),
    "429": _plain("Too many at once."),
    "503": _answer(_SAID, "The store is busy."),
}
_REFUSED: Plain = {
    "400": _answer(_SAID, "It cannot be read."),
    "403": _answer(_SAID, "It is not allowed now, or not to this person."),
    "409": _answer(_SAID, "The step changed; how it stands now comes with the answer."),
}
