"""COPY keeps what is awkward in text, and fills what is left out."""

import pytest

from cmdb.models import ConfigurationItem
from itsm.kernel.copying import copy_rows
from tests.builders import make_class

pytestmark = pytest.mark.django_db
AWKWARD = ["tab\there", "line\nbreak", "back\\slash", "\\N", "ünïcode 🚢", "'; DROP TABLE x --", "nul\x00"]


def test_awkward_text_comes_back_as_it_went():
    server = make_class()

    written = copy_rows(
        ConfigurationItem, ("ci_class", "name", "attributes"), [(server.pk, t, {"t": t}) for t in AWKWARD[:6]]
    )

    assert written == 6
    assert list(ConfigurationItem.objects.order_by("pk").values_list("name", flat=True)) == AWKWARD[:6]
    assert [ci.attributes["t"] for ci in ConfigurationItem.objects.order_by("pk")] == AWKWARD[:6]


def test_nul_bytes_which_the_database_cannot_hold_are_left_out():
    copy_rows(ConfigurationItem, ("ci_class", "name"), [(make_class().pk, AWKWARD[6])])

    assert ConfigurationItem.objects.get().name == "nul"


def test_what_is_left_out_has_its_default():
    copy_rows(ConfigurationItem, ("ci_class", "name"), [(make_class().pk, "web-1")])

    ci = ConfigurationItem.objects.get()
    assert (ci.status, ci.criticality, ci.attributes, ci.version, ci.revision) == ("planned", 2, {}, "", 1)
