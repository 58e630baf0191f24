"""The rule by which turns of the rota are made; hand-overs at their end."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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


def upgrade() -> None:
    _table(
        "rota_rule",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("made_until", sa.Date(), nullable=False),
    )
    _table(
        "handover",
        sa.Column("leaving_id", sa.String(), nullable=False),
        sa.Column("incoming_id", sa.String(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("notes", "pack", "acknowledged_by")
        ),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        leaving_id="person",
        incoming_id="person",
    )
    op.create_index("ix_handover_ends", "handover", ["ends"])


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_table("rota_rule")
