"""Events of our own making, right in every respect."""

from transition.pipeline import cdevents


def cdevent(name="service.deployed", *, old=False, **content):
    """A CDEvent of our own making, right in every respect."""
    minor = cdevents.TYPES[name][0] - (1 if old else 0)
    subject = name.partition(".")[0]
    about = {"id": "online-shop", "content": {**REQUIRED.get(name, {}), **content}}
    if old:
        about["type"] = cdevents.OLD_SUBJECTS.get(subject, subject)
    context = {
        "id": "e-1",
        "source": "/ci/shop",
        "type": f"dev.cdevents.{name}.0.{minor}.0",
        "timestamp": "2026-11-23T12:00:00Z",
        ("version" if old else "specversion"): "0.4.1" if old else "0.5.1",
    }
    return {"context": context, "subject": about}  # fmt: skip


ENVIRONMENT = {"id": "production"}
REQUIRED = {
    "service.deployed": {"environment": ENVIRONMENT, "artifactId": "pkg:oci/shop@sha256%3Aab12?tag=1.8.3"},
    "testsuiterun.finished": {"environment": ENVIRONMENT, "outcome": "success"},
    "incident.reported": {"environment": ENVIRONMENT, "ticketURI": "https://tickets.example.org/7"},
}


def enveloped(data):
    context = data["context"]
    return {
        "specversion": "1.0", "id": context["id"], "source": context["source"], "type": context["type"],
        "time": context["timestamp"], "subject": data["subject"]["id"], "datacontenttype": "application/json",
        "data": data,
    }  # fmt: skip
