"""The operational data of a service: accounts, keys, jobs, ratings as served, disputes, watches, views.

All of it lies in one SQL database: a SQLite file in the book's folder, or PostgreSQL where several hosts serve.
Ratings as served can be deleted and are made anew from the book; everything else is only here.

Worked example: `open_store("sqlite:////tmp/shop/service.sqlite")` makes the file, brings its tables up to date
and gives back a `Store`; `with store.write() as db: ...` is one transaction that happens whole or not at all.
"""

from tallystick.adapters.store.connect import Store, open_store
from tallystick.adapters.store.migrate import StoreError, migrate, revision_of

__all__ = ["Store", "StoreError", "migrate", "open_store", "revision_of"]
