"""The fixed set of roles; rights over records are predicates on them in each app's rules.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CHANGE_MANAGER = "change_manager", _("Change manager")
    CAB_MEMBER = "cab_member", _("CAB member")
    TRANSITION_PLANNER = "transition_planner", _("Transition planner (TPS)")
    RELEASE_MANAGER = "release_manager", _("Release manager (R&DM)")
    CONFIGURATION_MANAGER = "configuration_manager", _("Configuration manager (SACM)")
    TEST_MANAGER = "test_manager", _("Test manager (SV&T)")
    KNOWLEDGE_MANAGER = "knowledge_manager", _("Knowledge manager (KM)")
    SERVICE_LEVEL_MANAGER = "service_level_manager", _("Service level manager (SLM)")
    BUSINESS_RELATIONSHIP_MANAGER = "business_relationship_manager", _("Business relationship manager (BRM)")
    CSI_MANAGER = "csi_manager", _("CSI manager")
    SERVICE_OWNER = "service_owner", _("Service owner")
    BUSINESS_SPONSOR = "business_sponsor", _("Business sponsor")
    TECHNICAL_MANAGER = "technical_manager", _("Technical manager")
    APPLICATION_MANAGER = "application_manager", _("Application manager")
    SUPPORT_LEAD = "support_lead", _("Support lead")
    IMPLEMENTER = "implementer", _("Implementer")
    REQUESTER = "requester", _("Requester")
    VIEWER = "viewer", _("Viewer")
    PIPELINE = "pipeline", _("Pipeline (machine account)")


# How boards and lanes name a role where there is little room.
SHORT = {
    Role.TRANSITION_PLANNER: "TPS",
    Role.RELEASE_MANAGER: "R&DM",
    Role.CONFIGURATION_MANAGER: "SACM",
    Role.TEST_MANAGER: "SV&T",
    Role.KNOWLEDGE_MANAGER: "KM",
    Role.SERVICE_LEVEL_MANAGER: "SLM",
    Role.BUSINESS_RELATIONSHIP_MANAGER: "BRM",
    Role.CSI_MANAGER: "CSI",
    Role.SERVICE_OWNER: "owner",
    Role.TECHNICAL_MANAGER: "Tech Mgmt",
    Role.APPLICATION_MANAGER: "App Mgmt",
}


def short(role: str) -> str:
    return SHORT.get(Role(role), str(Role(role).label))
