"""Every resource of the REST API, one line each."""

from rest_framework.routers import SimpleRouter

from cmdb import api as cmdb

router = SimpleRouter(use_regex_path=True)

router.register("cmdb/classes", cmdb.CIClassViewSet, basename="ci-class")
router.register("cmdb/cis", cmdb.ConfigurationItemViewSet, basename="ci")
router.register("cmdb/relations", cmdb.RelationViewSet, basename="relation")
router.register("cmdb/services", cmdb.ServiceViewSet, basename="service")
