"""Two workers at once write one pack."""

from datetime import time, timedelta

import pytest

from itsm.kernel.models import OutboxEvent
from tests.builders import SYSTEM, make_service
from tests.concurrency.test_periods import together
from tests.transition.builders import at
from transition.models import Meeting
from transition.operations import meetings

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pack_is_written_by_one_of_them():
    meetings.agree(service=make_service(), kind="sunrise", at=time(9), actor=SYSTEM)
    near = at(23, 9) - timedelta(minutes=20)

    written = together(*[lambda: meetings.write_due(actor=SYSTEM, now=near)] * 4)

    assert sum(len(each) for each in written) == 1
    assert Meeting.objects.count() == 1
    assert OutboxEvent.objects.filter(name__startswith="transition.meeting.").count() == 1
