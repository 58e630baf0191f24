"""Recurring maintenance: series, and what became of each of their dates."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


RECORD = ("created_at", "updated_at", "archived_at")


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
    _table(
        "series",
        *_text("code", "title", "rule", "start_wall", "end_wall", "zone"),
        sa.Column("not_in_freeze", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("continues_id", sa.String(), nullable=True),
    )
    op.create_index("ix_series_code", "series", ["organisation_id", "code"], unique=True)
    _table(
        "series_date",
        *_text("series_id", "due"),
        sa.Column("outage_id", sa.String(), nullable=True),
        *_text("left_out", "note"),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        series_id="series",
        outage_id="outage",
    )
    op.create_index("ix_series_date_outage_id", "series_date", ["outage_id"])
    op.create_index("ix_series_date_due", "series_date", ["series_id", "due"])


def downgrade() -> None:
    op.drop_table("series_date")
    op.drop_table("series")
