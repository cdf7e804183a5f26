"""Takes the triggers that noted every update away; those that note what became different come after the migration."""

from typing import Any

from django.db import migrations


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The triggers go with the function that they run.
            cursor.execute("DROP FUNCTION IF EXISTS portal_note_change() CASCADE")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'portal_note_%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0004_change_notes"),
    ]

    operations = [migrations.RunPython(drop_triggers, migrations.RunPython.noop)]
