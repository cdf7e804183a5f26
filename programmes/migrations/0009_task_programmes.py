"""A task says which programme it is of: that of the measure, criterion or difficulty that it came from."""

import django.db.models.deletion
from django.db import migrations, models

# As measures were counted for programmes when tasks got theirs; the first beginning of a code that fits.
NTM, GNBV, NQ06 = "NTM", "GNBV", "NQ06"
OF_MEASURES = (
    ("poverty.", GNBV),
    ("hardship.", GNBV),
    ("income.ethnic_border_island.", NQ06),
    *((f"money.{code.lower()}.", code) for code in (NTM, GNBV, "DTTS", NQ06, "MTQG_2026_2035")),
    ("money.", ""),
    ("", NTM),
)


def derive(apps, schema_editor):
    """Fill in the programme where a task came from something of one; a text read in a source names what it names."""
    tasks = apps.get_model("programmes", "Task").objects.filter(programme__isnull=True)
    known = dict(apps.get_model("programmes", "Programme").objects.values_list("code", "pk"))
    for pk, programme in tasks.filter(difficulty__isnull=False).values_list("pk", "difficulty__programme"):
        tasks.filter(pk=pk).update(programme=programme)
    given = tasks.filter(text_source="")
    if NTM in known:
        given.exclude(level="").update(programme=known[NTM])
    for measure in set(given.exclude(measure="").values_list("measure", flat=True)):
        code = next(code for start, code in OF_MEASURES if measure.startswith(start))
        if code in known:
            given.filter(measure=measure).update(programme=known[code])


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0015_opening_list_once"),
        ("programmes", "0008_ocop_decision_scans"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="programmes.programme",
            ),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="task",
            name="programmes_task_of_a_difficulty",
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("difficulty__isnull", True), models.Q(("origin", "difficulty"), _negated=True)),
                    models.Q(
                        ("difficulty__isnull", False),
                        ("level", ""),
                        ("measure", ""),
                        ("origin", "difficulty"),
                        ("programme__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="programmes_task_of_a_difficulty",
            ),
        ),
    ]
