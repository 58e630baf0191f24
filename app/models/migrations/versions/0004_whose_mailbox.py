"""Whose own mailbox a message was written into: a colleague who signs in later cannot see it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_part", sa.Column("owner", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox_part") as batch:
        batch.drop_column("owner")
