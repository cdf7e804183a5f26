"""What the demonstration needs first, and how passwords are kept between loads."""

from __future__ import annotations

import pytest

from communes.services.units import load_units
from indicators.services.criteria import load_criteria
from mongcai_portal.accounts.models import User
from mongcai_portal.common.errors import Invalid
from programmes.services.demo import load_demo
from programmes.services.demo.people import Person, make_people, read_credentials

pytestmark = pytest.mark.django_db

LEADER = Person("leader", "Lãnh đạo thành phố", "leader")


def test_without_reference_data_it_is_refused_and_makes_nobody(tmp_path):
    with pytest.raises(Invalid):
        load_demo(folder=tmp_path)
    assert not User.objects.exists()


def test_without_criteria_it_is_refused_before_anybody_is_made(tmp_path):
    load_units(by=None)
    with pytest.raises(Invalid):
        load_demo(folder=tmp_path)
    assert not User.objects.exists()


def test_without_poverty_standards_it_is_refused_before_anybody_is_made(tmp_path):
    load_units(by=None)
    load_criteria(by=None)
    with pytest.raises(Invalid) as caught:
        load_demo(folder=tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["unknown_standard"]
    assert not User.objects.exists()


def test_a_password_stays_from_load_to_load(tmp_path):
    make_people([LEADER], folder=tmp_path)
    first = User.objects.get().password
    make_people([LEADER], folder=tmp_path)
    assert User.objects.get().password == first


def test_a_password_that_a_person_changed_is_left_alone(tmp_path):
    make_people([LEADER], folder=tmp_path)
    user = User.objects.get()
    user.set_password("mật khẩu của riêng tôi")
    user.save()
    make_people([LEADER], folder=tmp_path)
    user.refresh_from_db()
    assert user.check_password("mật khẩu của riêng tôi")


def test_a_lost_file_gives_new_passwords_because_nobody_knows_the_old(tmp_path):
    make_people([LEADER], folder=tmp_path)
    (tmp_path / "demo-credentials.txt").unlink()
    make_people([LEADER], folder=tmp_path)
    assert User.objects.get().check_password(read_credentials(tmp_path / "demo-credentials.txt")["leader"])
