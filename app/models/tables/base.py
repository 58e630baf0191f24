"""What every table shares (model.md, “Rules for every table”), and the portable column types."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from app.models.ids import new_id

# A stable naming scheme, so that a migration can name what it drops on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# Tables are not validated by pydantic (use cases are), so its validators are not built for them.
SQLModel.model_config["defer_build"] = True


class Token(TypeDecorator[StrEnum]):
    """An enum kept as its token's text."""

    impl = Text
    cache_ok = True

    def __init__(self, tokens: type[StrEnum]) -> None:
        super().__init__()
        self.tokens = tokens

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.tokens(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.tokens(value)

    def __repr__(self) -> str:  # what a migration writes down
        return "Text()"


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_AT_ONCE = 100


def _text(value: Any) -> str:
    """A long list in pieces: `json` lets no other thread run while it encodes."""
    if not isinstance(value, list) or len(value) <= _AT_ONCE:
        return _JSON.encode(value)
    pieces = (value[at : at + _AT_ONCE] for at in range(0, len(value), _AT_ONCE))
    return f"[{', '.join(_JSON.encode(piece)[1:-1] for piece in pieces)}]"


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text; replace it whole, changes inside are not seen."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value == "[]":  # most of them are, and a look at half a year decodes thousands
            return []
        return None if value is None else json.loads(value)

    def __repr__(self) -> str:
        return "Text()"


class Record(SQLModel):
    """A row a person can see: identity, ownership, optimistic version, times (UTC)."""

    type_name: ClassVar[str]

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    version: int = Field(default=1)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: datetime | None = None
