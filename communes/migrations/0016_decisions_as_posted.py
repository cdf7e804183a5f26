"""A decision is of who lives in the unit, and late with its reason; of those decided on before, who had left is told."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

from mongcai_portal.common.models import in_force_q


def tell_who_left(apps, schema_editor):
    """Of decided rounds: who was not in the register on the day was not decided on. Who lived elsewhere was."""
    reviews = apps.get_model("communes", "HouseholdReview")
    stays = apps.get_model("communes", "HouseholdStay")
    for decision in apps.get_model("communes", "ReviewDecision").objects.all():
        there = stays.objects.filter(in_force_q(decision.decided_on), household=OuterRef("household"))
        reviews.objects.filter(~Exists(there), round=decision.round_id).update(fell_out="gone")


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0015_opening_list_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="householdreview",
            name="fell_out",
            field=models.CharField(
                blank=True,
                choices=[("gone", "đã ra khỏi sổ hộ"), ("elsewhere", "nay ở xã, phường khác")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="late_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="householdreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("fell_out__in", ["", "gone", "elsewhere"])),
                name="communes_householdreview_fell_out_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", True), ("late_reason", "")),
                    models.Q(("decided_on__lte", models.F("due_on")), ("late_reason", "")),
                    models.Q(
                        ("decided_on__gt", models.F("due_on")),
                        ("due_on__isnull", False),
                        models.Q(("late_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="communes_reviewdecision_late_with_reason",
            ),
        ),
        migrations.RunPython(tell_who_left, migrations.RunPython.noop),
    ]
