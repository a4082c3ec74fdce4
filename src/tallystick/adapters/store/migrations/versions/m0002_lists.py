"""Indexes for lists: ratings by country and grade, the watches of an account, the deliveries of a watch."""

from alembic import op

revision = "0002"
down_revision = "0001"

INDEXES = (
    ("served", ("country", "code")),
    ("served", ("grade", "code")),
    ("watch", ("account",)),
    ("delivery", ("watch", "created_us")),
)


def upgrade() -> None:
    """Make the indexes."""
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    """Take them away again."""
    for table, columns in reversed(INDEXES):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
