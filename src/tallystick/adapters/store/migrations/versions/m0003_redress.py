"""When a dispute was answered and how it ended; who was shown which company."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what redress needs."""
    with op.batch_alter_table("dispute") as table:
        table.add_column(sa.Column("answered_us", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("how", sa.Text(), nullable=True))
        table.add_column(sa.Column("entered_us", sa.BigInteger(), nullable=True))
    op.create_table(
        "shown",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("company", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_us", sa.BigInteger(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "company", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_company"), "shown", ["company"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("shown")
    with op.batch_alter_table("dispute") as table:
        for name in ("entered_us", "how", "answered_us"):
            table.drop_column(name)
