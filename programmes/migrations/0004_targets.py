import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


def start_from_what_was_printed(apps, schema_editor):
    """A target starts from the last figure that its own source printed; without one it never should have been."""
    Target = apps.get_model("programmes", "Target")
    ObservedStatistic = apps.get_model("programmes", "ObservedStatistic")
    for target in Target.objects.all():
        printed = ObservedStatistic.objects.filter(
            measure=target.measure, area=target.area_id, value__isnull=False, as_of__year__lt=target.year
        ).order_by("-as_of", "-recorded_at")
        start = printed.first()
        if start is None:
            target.delete()
            continue
        target.baseline_value, target.baseline_on, target.baseline_source = start.value, start.as_of, start.source
        target.recorded_at = start.recorded_at
        target.save()


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0012_classification_marks"),
        ("programmes", "0003_programmes_budget"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="observedstatistic",
            name="programmes_observed_once",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="programmes_target_one_per_year",
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="end_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="ended_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="recorded_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="observedstatistic",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="programmes.observedstatistic",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="baseline_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="target",
            name="baseline_source",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddField(
            model_name="target",
            name="baseline_value",
            field=models.DecimalField(decimal_places=4, max_digits=15, null=True),
        ),
        migrations.AddField(
            model_name="target",
            name="end_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="target",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="target",
            name="ended_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="target",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communes.unitgroup",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="target",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="target",
            name="recorded_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="target",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="programmes.target",
            ),
        ),
        migrations.AlterField(
            model_name="observedstatistic",
            name="source",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="target",
            name="source",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RunPython(start_from_what_was_printed, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="target",
            name="baseline_on",
            field=models.DateField(),
        ),
        migrations.AlterField(
            model_name="target",
            name="baseline_source",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="target",
            name="baseline_value",
            field=models.DecimalField(decimal_places=4, max_digits=15),
        ),
        migrations.AlterField(
            model_name="target",
            name="recorded_at",
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name="observedstatistic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True), ("ended_by", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="programmes_observedstatistic_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="observedstatistic",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("measure", "area", "as_of", "source"),
                name="programmes_observed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="observedstatistic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("numerator__isnull", True),
                    models.Q(
                        ("denominator__gte", 0), ("numerator__gte", 0), ("numerator__lte", models.F("denominator"))
                    ),
                    _connector="OR",
                ),
                name="programmes_observed_part_of_the_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True), ("ended_by", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="programmes_target_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("group__isnull", True)),
                fields=("measure", "area", "year"),
                name="programmes_target_one_per_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("group__isnull", False)),
                fields=("measure", "area", "group", "year"),
                name="programmes_target_one_per_year_of_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("baseline_source", ""), _negated=True),
                name="programmes_target_baseline_has_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", django.db.models.functions.datetime.ExtractYear("baseline_on"))),
                name="programmes_target_baseline_by_its_year",
            ),
        ),
    ]
