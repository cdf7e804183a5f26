"""People of the register: sensitive personal data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP).

The identity number is stored encrypted (`common.ciphers`); `services.households.reading` alone gives it out in clear.
Neither `str` nor `repr` of a person says who it is: these end up in logs and error messages.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.querysets import PersonQuerySet

# The purpose that identity numbers are encrypted for: what is encrypted for another one cannot be put in their place.
IDENTITY = "communes.person.identity_number"
MASK = "••••••••••••"
# What stands in the place of what identified someone, once that is erased.
NAMELESS = "—"
ERASED: dict[str, Any] = {
    "name": NAMELESS, "search_key": "", "sort_key": "", "identity_key": "", "identity_text": "", "identity_index": "",
    "schooling": "", "education": "", "work": "", "health_insurance": None, "allowance": "", "meritorious": None,
    "nutrition": "",
}  # fmt: skip


class BirthPrecision(models.TextChoices):
    """How exactly a birth is known: `birth_date` is then the first day of that month or year."""

    DAY = "day", _("ngày")
    MONTH = "month", _("tháng")
    YEAR = "year", _("năm")


class Sex(models.TextChoices):
    MALE = "male", _("nam")
    FEMALE = "female", _("nữ")


class Schooling(models.TextChoices):
    """What school someone goes to now (tình trạng đi học)."""

    NONE = "none", _("không đi học")
    KINDERGARTEN = "kindergarten", _("mầm non")
    PRIMARY = "primary", _("tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("trung học phổ thông")
    VOCATIONAL = "vocational", _("đào tạo nghề")
    HIGHER = "higher", _("cao đẳng, đại học trở lên")


class Education(models.TextChoices):
    """The highest degree or certificate (trình độ)."""

    NONE = "none", _("chưa có bằng cấp")
    PRIMARY = "primary", _("tốt nghiệp tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("tốt nghiệp trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("tốt nghiệp trung học phổ thông")
    VOCATIONAL = "vocational", _("sơ cấp, trung cấp, chứng nhận nghề")
    HIGHER = "higher", _("tốt nghiệp cao đẳng, đại học trở lên")


class Work(models.TextChoices):
    """Work and its contract (việc làm, hợp đồng lao động), as deprivation 1 asks."""

    CONTRACT = "contract", _("làm công ăn lương, có hợp đồng lao động")
    NO_CONTRACT = "no_contract", _("làm công ăn lương, không có hợp đồng lao động")
    SELF_EMPLOYED = "self_employed", _("tự làm")
    SEEKING = "seeking", _("không có việc làm, đang tìm việc")
    NOT_SEEKING = "not_seeking", _("không làm việc, không tìm việc")
    UNABLE = "unable", _("không có khả năng lao động")
    OUTSIDE_AGE = "outside_age", _("ngoài độ tuổi lao động")


class Allowance(models.TextChoices):
    """Monthly social allowance (đối tượng bảo trợ xã hội), as deprivation 2 counts dependants by."""

    NONE = "none", _("không hưởng trợ cấp")
    ELDERLY = "elderly", _("người cao tuổi hưởng trợ cấp xã hội hằng tháng")
    DISABLED = "disabled", _("người khuyết tật hưởng trợ cấp xã hội hằng tháng")
    OTHER = "other", _("đối tượng bảo trợ xã hội khác")


class Nutrition(models.TextChoices):
    """Nutrition of a child under 16 (deprivation 3)."""

    NORMAL = "normal", _("bình thường")
    STUNTED = "stunted", _("suy dinh dưỡng chiều cao theo tuổi")
    UNDERWEIGHT = "underweight", _("suy dinh dưỡng cân nặng theo tuổi")
    BOTH = "both", _("suy dinh dưỡng cả chiều cao và cân nặng")


class Person(models.Model):
    """Someone who is or was a member of a household; the same row in whatever household they come to be.

    Empty words and None mean that nothing is recorded, never "no". What schools, work or insurance were on a day of a
    review is in the review's sheet; here stands what is known last.
    """

    name = models.CharField(max_length=120)
    search_key = models.CharField(max_length=160)
    sort_key = models.CharField(max_length=420)
    birth_date = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(max_length=5, choices=BirthPrecision, default=BirthPrecision.DAY)
    died_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True)  # a code of `rules.ethnic_groups`
    identity_key = models.CharField(max_length=8, blank=True, editable=False)  # the name of the key it is under
    identity_text = models.CharField(max_length=120, blank=True, editable=False)
    identity_index = models.CharField(max_length=64, blank=True, editable=False)
    schooling = models.CharField(max_length=16, choices=Schooling, blank=True)
    education = models.CharField(max_length=16, choices=Education, blank=True)
    work = models.CharField(max_length=16, choices=Work, blank=True)
    health_insurance = models.BooleanField(null=True, blank=True)
    allowance = models.CharField(max_length=8, choices=Allowance, blank=True)
    meritorious = models.BooleanField(null=True, blank=True)  # người có công
    nutrition = models.CharField(max_length=12, choices=Nutrition, blank=True)
    # When what identifies them was erased; what is counted by stays.
    erased_on = models.DateField(null=True, blank=True, editable=False)
    lock = models.PositiveIntegerField(default=0)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="communes_person_named"),
            models.CheckConstraint(
                condition=Q(identity_key="", identity_text="", identity_index="")
                | (~Q(identity_key="") & ~Q(identity_text="") & ~Q(identity_index="")),
                name="communes_person_identity_whole",
            ),
            models.UniqueConstraint(
                fields=["identity_index"], condition=~Q(identity_index=""), name="communes_person_identity_once"
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(birth_date__isnull=True) | Q(died_on__gte=models.F("birth_date")),
                name="communes_person_died_after_birth",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["", *Sex.values], birth_precision__in=BirthPrecision.values),
                name="communes_person_words_known",
            ),
            models.CheckConstraint(
                condition=Q(erased_on__isnull=True)
                | Q(died_on__isnull=True, **ERASED) & (Q(birth_date__isnull=True) | Q(birth_precision="year")),
                name="communes_person_erased_says_nothing",
            ),
        ]
        # By key: which rows are still under an older one. In order of the key, so that it is found without a scan.
        indexes = [models.Index(fields=["identity_key", "id"], name="communes_person_key")]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def identity_masked(self) -> str:
        """What stands for the identity number: no digit of it, since birth and sex would give away most others."""
        return MASK if self.identity_index else ""
