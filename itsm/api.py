"""Every resource of the REST API, one line each."""

from rest_framework.routers import SimpleRouter

from cmdb import api as cmdb
from itsm.kernel.api import resources as kernel

router = SimpleRouter(use_regex_path=True)

router.register("cmdb/classes", cmdb.CIClassViewSet, basename="ci-class")
router.register("cmdb/cis", cmdb.ConfigurationItemViewSet, basename="ci")
router.register("cmdb/relations", cmdb.RelationViewSet, basename="relation")
router.register("cmdb/services", cmdb.ServiceViewSet, basename="service")

router.register("ledger", kernel.LedgerViewSet, basename="ledger")
router.register("notifications", kernel.NotificationViewSet, basename="notification")
router.register("teams", kernel.TeamViewSet, basename="team")
router.register("users", kernel.UserViewSet, basename="user")
