"""Who asks: a name for each group of roles."""

from itsm.kernel.roles import Role

GROUPS: dict[str, list[Role]] = {
    "administration": [],
    "change": [Role.CHANGE_MANAGER, Role.CAB_MEMBER],
    "delivery": [Role.TRANSITION_PLANNER, Role.RELEASE_MANAGER, Role.TEST_MANAGER, Role.IMPLEMENTER],
    "configuration": [
        Role.CONFIGURATION_MANAGER, Role.KNOWLEDGE_MANAGER, Role.TECHNICAL_MANAGER, Role.APPLICATION_MANAGER,
    ],
    "service": [
        Role.SERVICE_OWNER, Role.SERVICE_LEVEL_MANAGER, Role.BUSINESS_RELATIONSHIP_MANAGER, Role.BUSINESS_SPONSOR,
        Role.CSI_MANAGER, Role.SUPPORT_LEAD,
    ],
    "pipeline": [Role.PIPELINE],
    "reading": [Role.REQUESTER, Role.VIEWER],
}  # fmt: skip
