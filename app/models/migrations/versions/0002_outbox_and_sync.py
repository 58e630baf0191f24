"""Messages that leave one by one, what mirrors ours outside, replies and bounces by mail.

Written in the short form of the first revision; in `GROWN`, `= word` is what the rows already
there get.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TYPES: dict[str, Any] = {
    "str": sa.String(),
    "text": sa.Text(),
    "int": sa.Integer(),
    "bool": sa.Boolean(),
    "moment": sa.DateTime(timezone=True),
}

RECORD = """
    id str; organisation_id str > organisation index; version int;
    created_at moment?; updated_at moment?; archived_at moment?;
"""

MADE = {
    "outbox_part": """
        item_id str > outbox_item index; number int; key str unique; state text index; reach int;
        recipient_set_id str? > recipient_set; first int; mailbox str; remote_id str;
        internet_id str index; conversation str index; web_link str; tried_at moment?; looks int;
        held_until moment?; accepted_at moment?; last_answer str
    """,
    "remote_link": """
        kind str; local_type str; local_id str; place str; remote_id str index; change_key str;
        web_link str; pushed text; seen text; proposal text; seen_at moment?
    """,
    "sync_cursor": """
        place str index; cursor str; begun_at moment?; round_at moment?
    """,
    "bounce": """
        notice_id str > notice index; outage_id str > outage index; email str; reason str;
        at moment; internet_id str index
    """,
}

GROWN = {
    "outbox_item": """
        route text = console; last_tried_at moment?; taken_back_at moment?
    """,
    "reply": """
        email str; subject str; guess str; automatic bool = 0; remote_id str;
        internet_id str index
    """,
    "bridge": """
        provider str = line; meeting_id str; external_id str; dial_in str; closing text = []
    """,
}


def _lines(body: str) -> list[tuple[str, str, list[str]]]:
    """(column, type, the rest) of each line."""
    words = [line.split() for line in body.split(";") if line.strip()]
    return [(column, kind, rest) for column, kind, *rest in words]


def upgrade() -> None:
    for name, body in MADE.items():
        _make(name, _lines(RECORD + body))
    op.create_index("ix_remote_link_local", "remote_link", ["local_type", "local_id"])
    for name, body in GROWN.items():
        _grow(name, _lines(body))
    _retype(sa.String(), sa.Text())


def _retype(old: sa.String, new: sa.String) -> None:
    """The state of an outbox item is an enum's token now, kept as all of them are."""
    with op.batch_alter_table("outbox_item") as batch:
        batch.alter_column("state", existing_type=old, type_=new, existing_nullable=False)


def _make(name: str, lines: list[tuple[str, str, list[str]]]) -> None:
    made: list[Any] = [sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]
    for column, kind, rest in lines:
        made.append(sa.Column(column, TYPES[kind.rstrip("?")], nullable=kind.endswith("?")))
        if ">" in rest:
            target = f"{rest[rest.index('>') + 1]}.id"
            made.append(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}"))
        if "unique" in rest:
            made.append(sa.UniqueConstraint(column, name=f"uq_{name}_{column}"))
    op.create_table(name, *made)
    _index(name, lines)


def _grow(name: str, lines: list[tuple[str, str, list[str]]]) -> None:
    """What stands there is filled through a default that is then taken away again."""
    filled = [(column, kind, rest) for column, kind, rest in lines if not kind.endswith("?")]
    with op.batch_alter_table(name) as batch:
        for column, kind, rest in lines:
            default = rest[rest.index("=") + 1] if "=" in rest else ""
            batch.add_column(
                sa.Column(
                    column,
                    TYPES[kind.rstrip("?")],
                    nullable=kind.endswith("?"),
                    server_default=None if kind.endswith("?") else default,
                )
            )
    with op.batch_alter_table(name) as batch:
        for column, kind, _rest in filled:
            batch.alter_column(column, existing_type=TYPES[kind], server_default=None)
    _index(name, lines)


def _index(name: str, lines: list[tuple[str, str, list[str]]]) -> None:
    for column, _kind, rest in lines:
        if "index" in rest:
            op.create_index(f"ix_{name}_{column}", name, [column])


def downgrade() -> None:
    _retype(sa.Text(), sa.String())
    for name, body in GROWN.items():
        for column, _kind, rest in _lines(body):
            if "index" in rest:
                op.drop_index(f"ix_{name}_{column}", name)
        with op.batch_alter_table(name) as batch:
            for column, _kind, _rest in _lines(body):
                batch.drop_column(column)
    for name in reversed(MADE):
        op.drop_table(name)
