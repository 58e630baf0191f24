"""When an item may be worked on: its maintenance hours and the zone they are meant in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW = ("hours", "zone")


def upgrade() -> None:
    with op.batch_alter_table("ci") as batch:
        for name in _NEW:
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("ci") as batch:
        for name in _NEW:
            batch.alter_column(name, existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ci") as batch:
        for name in _NEW:
            batch.drop_column(name)
