"""The evidence ledger in a folder: an SQLite manifest and inbox beside sealed Parquet segments.

    book/
      tallystick.json       which format this book has
      manifest.sqlite       batches, retractions, rejects, the inbox, the list of segments
      segments/             documents-*.parquet, parties-*.parquet, documents-*.seen.npy
      staging/              files of batches in the making

Idea: the row in `batches` is the commit. Files are written, synced and named before it, so that a crash
at any instant leaves the book as it was before or after, and at worst a file that nobody names.
"""

from tallystick.adapters.ledger.file_ledger import FileLedger

__all__ = ["FileLedger"]
