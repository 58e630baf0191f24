"""Settings of the store (not of the window: those are the platform's)."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Setting(SQLModel, table=True):
    """`value` is JSON text."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str = ""
