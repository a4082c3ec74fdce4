"""How Alembic reaches the store: over the connection that `migrate` hands it, in its transaction."""

from alembic import context

from tallystick.adapters.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
