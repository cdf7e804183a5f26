"""The list of users is searched by a folded key, and an account knows when another window was first."""

from django.db import migrations, models

from mongcai_portal.common.text import search_key

BATCH = 500


def fill(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        users = list(User.objects.filter(pk__in=ids[start : start + BATCH]))
        for user in users:
            user.search_key = search_key(f"{user.username} {user.full_name} {user.email}")[:500]
        User.objects.bulk_update(users, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_apiclient")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="search_key",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="user",
            name="lock",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
