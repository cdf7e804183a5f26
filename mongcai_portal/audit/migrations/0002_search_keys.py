"""The log is searched by folded texts; the events that stand already get theirs in portions."""

from django.db import migrations, models

from mongcai_portal.audit.words import actor_key_of, search_key_of

BATCH = 1000


def fill(apps, schema_editor):
    AuditEvent = apps.get_model("audit", "AuditEvent")
    last = 0
    while events := list(AuditEvent.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for event in events:
            event.actor_key = actor_key_of(event.actor_name)
            event.search_key = search_key_of(event.object_label, event.unit_uid, event.details)
        AuditEvent.objects.bulk_update(events, ["actor_key", "search_key"])
        last = events[-1].pk


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="actor_key",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="search_key",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
