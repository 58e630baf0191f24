"""Who answers for a business event; rounds of asking what must not be disturbed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


RECORD = ("created_at", "updated_at", "archived_at")
_NEW_ON_EVENTS = (
    ("responsible", sa.String(), ""),
    ("services", sa.Text(), "[]"),
    ("departments", sa.Text(), "[]"),
    ("asked_by", sa.String(), ""),
    ("answer", sa.String(), ""),
)


def _table(name: str, *columns: sa.Column, **refers: str) -> None:  # type: ignore[type-arg]
    """`refers`: column → the table whose id it holds."""
    refers = {"organisation_id": "organisation", **refers}
    op.create_table(
        name,
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(moment, sa.DateTime(timezone=True), nullable=True) for moment in RECORD),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}")
            for column, table in refers.items()
        ),
    )
    op.create_index(f"ix_{name}_organisation_id", name, ["organisation_id"])


def _text(*names: str) -> list[sa.Column]:  # type: ignore[type-arg]
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    with op.batch_alter_table("business_event") as batch:
        for name, kind, default in _NEW_ON_EVENTS:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        batch.add_column(sa.Column("severity", sa.Text(), nullable=True))
        batch.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
    with op.batch_alter_table("business_event") as batch:
        for name, kind, _ in _NEW_ON_EVENTS:
            batch.alter_column(name, existing_type=kind, server_default=None)
    _table(
        "outreach_round",
        *_text("period", "subject", "body"),
        sa.Column("answers_by", sa.Date(), nullable=False),
    )
    op.create_index("ix_outreach_round_period", "outreach_round", ["organisation_id", "period"])
    _table(
        "outreach_ask",
        *_text("round_id", "department_id", "name", "email"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        *_text("item_id", "answer"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_text("event_id"),
        round_id="outreach_round",
        department_id="department",
    )
    op.create_index("ix_outreach_ask_round_id", "outreach_ask", ["round_id"])


def downgrade() -> None:
    op.drop_table("outreach_ask")
    op.drop_table("outreach_round")
    with op.batch_alter_table("business_event") as batch:
        for name in (*(name for name, *_ in _NEW_ON_EVENTS), "severity", "asked_on"):
            batch.drop_column(name)
