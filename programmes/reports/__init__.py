"""The period report: sections of plain data, and the Word text, tables and charts that are written from them.

Everything of a report is written from its snapshot, never from the database: so a published one stays what it was, and
what moved since is told by holding a new snapshot against it (`snapshot`). A section is one module; `registry` says
what it has to bring.
"""
