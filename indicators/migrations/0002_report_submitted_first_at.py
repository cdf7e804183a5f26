"""When a report was first submitted: taken from the audit trail, which has every submission."""

from django.db import migrations, models
from django.db.models import Min

BATCH = 500


def fill(apps, schema_editor):
    Report = apps.get_model("indicators", "Report")
    AuditEvent = apps.get_model("audit", "AuditEvent")
    ids = list(Report.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        keys = [str(pk) for pk in ids[start : start + BATCH]]
        first = dict(
            AuditEvent.objects.filter(kind="report.submitted", object_type="report", object_id__in=keys)
            .order_by()
            .values_list("object_id")
            .annotate(Min("at"))
        )
        reports = [Report(pk=int(key), submitted_first_at=at) for key, at in first.items()]
        Report.objects.bulk_update(reports, ["submitted_first_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("indicators", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="submitted_first_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
