"""A village whose counts lack something says since when: its figures tell it."""

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def since_now(apps: Any, schema_editor: Any) -> None:
    apps.get_model("communes", "CountedVillage").objects.filter(stale=True).update(stale_since=timezone.now())


def that_it_does(apps: Any, schema_editor: Any) -> None:
    apps.get_model("communes", "CountedVillage").objects.filter(stale_since__isnull=False).update(stale=True)


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0019_district_opinion"),
    ]

    operations = [
        migrations.AddField(
            model_name="countedvillage",
            name="stale_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(since_now, that_it_does),
        migrations.RemoveIndex(model_name="countedvillage", name="communes_countedvillage_stale"),
        migrations.RemoveField(model_name="countedvillage", name="stale"),
        migrations.AddIndex(
            model_name="countedvillage",
            index=models.Index(
                condition=models.Q(("stale_since__isnull", False)),
                fields=["village"],
                name="communes_countedvillage_stale",
            ),
        ),
    ]
