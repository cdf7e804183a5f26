"""Requests of average living standard, what results say of it, and the terms of reports and of the district."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0017_registry_pages"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="householdreview",
            name="communes_householdreview_requests_have_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="reviewterm",
            name="communes_reviewterm_code_known",
        ),
        migrations.AddField(
            model_name="reviewresult",
            name="average_living",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="householdreview",
            name="reason",
            field=models.CharField(
                choices=[
                    ("register", "đang trong danh sách hộ nghèo, cận nghèo"),
                    ("request_01", "có giấy đề nghị (Mẫu 01)"),
                    ("request_04", "có giấy đề nghị thoát nghèo, thoát cận nghèo (Mẫu 04)"),
                    ("average", "có giấy đề nghị xác định hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="householdreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "register"), ("requested_on__isnull", True)),
                    models.Q(("reason__in", ["request_01", "request_04", "average"]), ("requested_on__isnull", False)),
                    _connector="OR",
                ),
                name="communes_householdreview_requests_have_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("average_living__isnull", True), ("average_living", False), ("status", "not_poor"), _connector="OR"
                ),
                name="communes_reviewresult_average_is_not_poor",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "yearly_from",
                            "yearly_to",
                            "monthly_from",
                            "monthly_decision",
                            "average_from",
                            "agreement",
                            "posting",
                            "recheck",
                            "second_posting",
                            "district_opinion",
                            "report_day",
                            "report_first",
                            "report_last",
                            "report_before",
                            "report_final",
                            "announced",
                        ],
                    )
                ),
                name="communes_reviewterm_code_known",
            ),
        ),
    ]
