"""Changes, to be named in forms."""

from changes.models import ChangeRequest
from itsm.kernel.picking import offer

offer(
    "change", noun="change", records=lambda: ChangeRequest.objects.all(), name="title", words=("title",),
    example="a title, or RFC-12",
)  # fmt: skip
