"""Links that open the crew board, and the taps that counted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
        *(_moment(column) for column in RECORD),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}")
            for column, table in refers.items()
        ),
    )
    op.create_index(f"ix_{name}_organisation_id", name, ["organisation_id"])
    op.create_index(f"ix_{name}_outage_id", name, ["outage_id"])


def _text(name: str, *, nullable: bool = False) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _table(
        "crew_link",
        _text("outage_id"),
        _text("person_id", nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("nonce"),
        *map(_moment, ("revoked_at", "opened_at", "heard_at")),
        outage_id="outage",
        person_id="person",
    )
    op.create_index("ix_crew_link_nonce", "crew_link", ["nonce"], unique=True)
    _table(
        "crew_tap",
        *map(_text, ("outage_id", "link_id", "step_id", "tap")),
        sa.Column("act", sa.Text(), nullable=False),
        _moment("at", nullable=False),
        _text("note"),
        outage_id="outage",
        link_id="crew_link",
        step_id="step",
    )
    op.create_index("ix_crew_tap_link_tap", "crew_tap", ["link_id", "tap"], unique=True)


def downgrade() -> None:
    op.drop_table("crew_tap")
    op.drop_table("crew_link")
