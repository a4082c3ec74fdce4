"""Files of company registers: LEI Level 1 and 2 (GLEIF) and BODS ownership statements.

Idea: whether XML or JSON, a record becomes one plain dictionary, and one table of paths says what its
fields mean. Files are read record by record, so that a golden copy of gigabytes needs no more memory than
one record; a record that cannot be taken is a reject of its own.

Worked example: an `LEIRecord` with `EntityStatus` ACTIVE and `RegistrationStatus` ISSUED yields
`Said("registration", status="active", number=<LEI>, ...)` and a `profile` for each further name.

Sources: LEI-CDF 3.1, RR-CDF 2.1, Reporting Exceptions 2.1 (GLEIF); BODS 0.4, and 0.2 as it was published.
`docs/reference/registers.md` has the table in full.
"""

from tallystick.evidence.formats.registers.reader import looks_like_register, read_register

__all__ = ["looks_like_register", "read_register"]
