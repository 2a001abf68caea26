"""The compose file, as far as it can be tried without a container engine."""

from pathlib import Path

import pytest
import yaml

from itsm.local.home import CHECKOUT

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["migrate", "web", "worker", "beat"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_restarts_and_tells_its_health(name):
    service = SERVICES[name]

    assert service["restart"] in {"unless-stopped", "on-failure"}
    assert name == "migrate" or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_ours_wait_for_what_they_need(name):
    needs = SERVICES[name]["depends_on"]

    assert needs["postgres"] == {"condition": "service_healthy"}
    if name != "migrate":
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["valkey"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", OURS)
def test_ours_run_without_rights_and_without_secrets_in_sight(name):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"]
    assert set(service["environment"]) & {"SECRET_KEY", "DATABASE_URL"} == set()
    assert {"SECRET_KEY_FILE", "DATABASE_URL_FILE"} <= set(service["environment"])


def test_everything_that_is_named_is_declared():
    for service in SERVICES.values():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert named <= set(COMPOSE["volumes"])


def test_each_setting_of_the_program_is_explained():
    explained = (CHECKOUT / ".env.example").read_text()
    used = {name for service in OURS for name in SERVICES[service]["environment"]}

    assert not {name for name in used if name.removesuffix("_FILE") not in explained}


def test_the_image_copies_only_what_is_there():
    kept = [line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert not [name for name in kept if not Path(CHECKOUT, name).exists()]
