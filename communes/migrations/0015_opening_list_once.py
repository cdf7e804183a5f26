"""A list waits once: of those that a double click made, one stays, and the others are put aside."""

from django.db import migrations, models
from django.utils import timezone

TOLD = ("sha256", "unit", "standard", "effective_year", "on", "decision_number", "decided_on", "decided_by", "whole")


def keep_one(apps, schema_editor):
    """Keep the newest of the same lists that wait, before those without a scan; the others end as discarding ends."""
    lists = apps.get_model("communes", "OpeningListFile")
    scans = apps.get_model("communes", "OpeningListScan")
    scanned = set(scans.objects.values_list("owner_id", flat=True))
    waiting = lists.objects.filter(status__in=["faulty", "ready"])
    seen, more = set(), []
    for pk, *same in sorted(
        waiting.values_list("pk", *TOLD), key=lambda row: (row[0] in scanned, row[0]), reverse=True
    ):
        if tuple(same) in seen:
            more.append(pk)
        seen.add(tuple(same))
    apps.get_model("communes", "OpeningListContent").objects.filter(owner__in=more).delete()
    scans.objects.filter(owner__in=more).delete()
    lists.objects.filter(pk__in=more).update(
        status="discarded", faults=[], ended_by="Hệ thống", ended_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0014_poverty_causes"),
    ]

    operations = [
        migrations.RunPython(keep_one, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="openinglistfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["faulty", "ready"])),
                fields=TOLD,
                name="communes_openinglistfile_waits_once",
            ),
        ),
    ]
