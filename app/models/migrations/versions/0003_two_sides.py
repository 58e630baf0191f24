"""Who holds the fix side and the communication side of a flight; empty: the coordinator does."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GROWN = ("fix_lead", "comms_lead")


def upgrade() -> None:
    for column in GROWN:
        op.add_column("outage", sa.Column(column, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outage") as batch:
        for column in GROWN:
            batch.drop_column(column)
