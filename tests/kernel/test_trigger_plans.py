"""What the database does on its own for a statement stays in proportion to its rows."""

import pytest
from django.db import connection

from cmdb.models import ConfigurationItem
from itsm.kernel import trigger_plans
from tests.builders import make_class

pytestmark = pytest.mark.django_db
CIS = 200


def test_no_trigger_compares_what_was_and_what_is_row_by_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgoldtable IS NOT NULL AND tgnewtable IS NOT NULL")
        ((there_are,),) = cursor.fetchall()
    assert there_are > 10
    assert trigger_plans.untold() == []


def test_a_trigger_that_is_made_anew_is_told_with_the_next_migration():
    with connection.cursor() as cursor:
        cursor.execute(trigger_plans.JOINING.replace("NOT 'enable", "'enable") + " LIMIT 1")
        ((function,),) = cursor.fetchall()
        cursor.execute(f"ALTER FUNCTION {function} RESET enable_nestloop")
    assert trigger_plans.untold() == [function]
    trigger_plans.tell()
    assert trigger_plans.untold() == []


def test_an_update_of_many_is_joined_by_no_nested_loop_though_the_first_was_of_none():
    """The plan is kept from the first statement, for no rows; auto_explain shows what the trigger then does."""
    ConfigurationItem.objects.bulk_create(
        [ConfigurationItem(ci_class=make_class(), name=f"host {place}") for place in range(CIS)]
    )
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
    ConfigurationItem.objects.filter(pk=0).update(version="1")
    with connection.cursor() as cursor:
        cursor.execute("LOAD 'auto_explain'")
        for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_level = 'notice'"):
            cursor.execute(f"SET LOCAL auto_explain.{setting}")
        connection.connection.notices.clear()
        cursor.execute("UPDATE cmdb_configurationitem SET version = '2'")
    joins = [plan for plan in connection.connection.notices if "old_values" in plan and "new_values" in plan]
    assert joins
    assert all("Hash Join" in plan or "Merge Join" in plan for plan in joins)
