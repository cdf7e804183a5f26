"""Search by any part of a name over a million households: trigram indexes, which PostgreSQL alone has.

SQLite reads the column through; a portal on it holds a commune's households, not a province's.
"""

from django.db import migrations


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # A trusted extension: the owner of the database may add it, no superuser is needed (PostgreSQL 13).
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(
        "CREATE INDEX communes_household_search ON communes_household USING gin (search_key gin_trgm_ops)"
    )
    schema_editor.execute("CREATE INDEX communes_person_search ON communes_person USING gin (search_key gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS communes_household_search")
        schema_editor.execute("DROP INDEX IF EXISTS communes_person_search")


class Migration(migrations.Migration):
    dependencies = [("communes", "0003_households")]

    operations = [migrations.RunPython(add, remove)]
