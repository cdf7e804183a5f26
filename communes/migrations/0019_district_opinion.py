"""What rounds tell the district and the opinion given on it; until when a term is one of new rounds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0018_average_living_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewterm",
            name="until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="DistrictReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60)),
                ("sent_on", models.DateField()),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answer_number", models.CharField(blank=True, max_length=60)),
                ("opinion", models.TextField(blank=True)),
                ("counts", models.BooleanField(default=True)),
                ("recorded_by", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="district_reports",
                        to="communes.reviewround",
                    ),
                ),
            ],
            options={
                "ordering": ["sent_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True)),
                        fields=("round",),
                        name="communes_districtreport_one_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="communes_districtreport_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer_number", ""), ("answered_on__isnull", True), ("opinion", "")),
                            models.Q(
                                ("answered_on__gte", models.F("sent_on")),
                                ("answered_on__isnull", False),
                                models.Q(("answer_number", ""), _negated=True),
                                models.Q(("opinion", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="communes_districtreport_answered_whole",
                    ),
                ],
            },
        ),
    ]
