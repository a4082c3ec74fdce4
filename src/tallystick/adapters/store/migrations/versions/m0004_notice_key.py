"""What an account is told once, however often it is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the key of notices."""
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("key", sa.Text(), nullable=True))
    op.create_index("ix_notice_account_key", "notice", ["account", "key"], unique=True)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_notice_account_key", "notice")
    with op.batch_alter_table("notice") as table:
        table.drop_column("key")
