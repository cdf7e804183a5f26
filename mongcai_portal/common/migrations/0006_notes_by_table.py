"""Notes say which table changed; the triggers that did not say it are taken away, and come back after the migration."""

from typing import Any

from django.db import migrations, models


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The triggers go with the function that they run.
            cursor.execute("DROP FUNCTION IF EXISTS portal_note_change() CASCADE")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'portal_note_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        cursor.execute("DELETE FROM common_changenote")


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0005_notes_of_real_changes"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.AddField(
            model_name="changenote",
            name="watched",
            field=models.CharField(default="", max_length=63),
            preserve_default=False,
        ),
    ]
