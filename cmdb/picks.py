"""CIs and services, to be named in forms."""

from cmdb.models import ConfigurationItem, Service
from itsm.kernel.picking import offer

offer("ci", noun="CI", records=lambda: ConfigurationItem.objects.all(), name="name", example="a name, or CI-17")
offer(
    "service",
    noun="service",
    records=lambda: Service.objects.all(),
    name="name",
    handle="slug",
    told="summary",
    words=("name", "slug", "summary"),
    example="a service's name, or what it does",
)
