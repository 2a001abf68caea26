"""The classes of what readers find are there when they are needed."""

import jsonschema
import pytest

from cmdb.importing.classes import KNOWN, ensure
from cmdb.models import CIClass
from cmdb.operations import classes
from tests.builders import make_class

pytestmark = pytest.mark.django_db


def test_a_class_is_made_on_first_use_and_is_left_alone_from_then_on(system):
    ensure(codes=["device", "cluster", "unheard-of"], actor=system)
    assert set(CIClass.objects.values_list("code", flat=True)) >= {"device", "cluster"}
    assert not CIClass.objects.filter(code="unheard-of").exists()

    classes.update(class_id=CIClass.objects.get(code="device").pk, name="Appliance", actor=system)
    ensure(codes=["device"], actor=system)

    assert CIClass.objects.get(code="device").name == "Appliance"


def test_a_class_that_somebody_defined_is_kept(system):
    mine = make_class("site", kind="hardware")
    ensure(codes=["site"], actor=system)
    mine.refresh_from_db()
    assert mine.kind == "hardware"


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_each_class_has_a_kind_and_a_schema_that_is_one(code):
    assert KNOWN[code]["kind"] in CIClass.Kind.values
    jsonschema.Draft202012Validator.check_schema(KNOWN[code]["schema"])
