"""The list of absences."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from itsm.kernel.tables import RecordTable
from transition.models import Absence


class AbsenceTable(RecordTable):
    number = tables.Column(order_by="id")
    user = tables.Column(orderable=False, verbose_name="Who")
    days = tables.Column(accessor="said", order_by="days", verbose_name="Away")
    step = tables.Column(empty_values=(), orderable=False, verbose_name="")

    class Meta(RecordTable.Meta):
        model = Absence
        fields = ("number", "user", "days", "step")

    def render_step(self, record: Any) -> Any:
        url = reverse("transition:absence-return-early", args=[record.number])
        return format_html('<a href="{}">Is there after all</a>', url)
