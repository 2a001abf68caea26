"""Records of several kinds, read and written in one statement, are as Django's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import AffectedCI, ChangeRequest
from itsm.kernel import rows
from itsm.kernel.models import User
from tests.builders import make_ci
from tests.changes.builders import make_change, make_model

pytestmark = pytest.mark.django_db


def test_what_is_written_together_is_there_as_it_was_said(alice):
    ci, model = make_ci("db-1"), make_model("routine")
    (pk,) = rows.next_ids(ChangeRequest)
    change = ChangeRequest(pk=pk, title="Both", model=model, type=model.type, requested_by=alice)
    touched = AffectedCI(change=change, ci=ci)

    with CaptureQueriesContext(connection) as asked:
        rows.write(touched, change)
    assert len(asked) == 1

    kept = ChangeRequest.objects.get(pk=pk)
    names = [field.attname for field in ChangeRequest._meta.concrete_fields]
    assert {name: getattr(change, name) for name in names} == {name: getattr(kept, name) for name in names}
    assert [one.ci_id for one in kept.affected.all()] == [ci.pk]
    change.title = "Both, later"
    change.save()  # it knows that it is there
    assert ChangeRequest.objects.get(pk=pk).revision == 2


def test_what_the_database_fills_in_is_read_of_the_others_when_it_is_asked_for(alice):
    model = make_model("routine")
    first, second = (
        ChangeRequest(pk=pk, title="One of two", model=model, type=model.type, requested_by=alice)
        for pk in rows.next_ids(ChangeRequest, ChangeRequest)
    )
    rows.write(first, second)
    assert (first.revision, second.revision) == (1, 1)
    assert first.created_at == second.created_at


def test_what_an_outer_join_did_not_find_is_none(alice):
    change = make_change(requested_by=alice)
    columns = f"{rows.columns(ChangeRequest, 'change')}, {rows.columns(User, 'reader')}"
    sql = f"""SELECT {columns} FROM changes_changerequest AS change
        LEFT JOIN kernel_user AS reader ON reader.id = 0 WHERE change.id = %(id)s"""
    assert rows.read([ChangeRequest, User], sql, {"id": change.pk}) == [[change, None]]
