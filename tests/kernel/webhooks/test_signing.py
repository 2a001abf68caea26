"""Signatures are those of Standard Webhooks: its own vector, one of ours, and its library verifies them."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from itsm.kernel import sealing
from itsm.kernel.webhooks import signing

VECTORS = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "msg_test0001", 1767323045,
        '{"type":"change.approved","timestamp":"2026-01-02T03:04:05Z","data":{"id":"CHG-1"}}',
        "v1,p9PZQlJVwdOwJJxEIYGtdPXiNy5rjg89wowIjd0BT4M=",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "message_id", "at", "body", "signature"), VECTORS)
def test_it_signs_as_the_vectors_say(secret, message_id, at, body, signature):
    headers = signing.signed(message_id, body, [secret], datetime.fromtimestamp(at, UTC))
    assert headers == {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signature}


def test_the_library_verifies_with_either_of_two_secrets():
    old, new, body = signing.new_secret(), signing.new_secret(), '{"type":"ping","note":"Ä"}'
    headers = signing.signed("msg_1", body, [new, old], datetime.now(UTC))
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["type"] == "ping"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(signing.new_secret()).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(new).verify(body.replace("ping", "pong"), headers)
    stale = signing.signed("msg_1", body, [new], datetime.now(UTC) - timedelta(minutes=6))
    with pytest.raises(Exception, match="too old"):
        Webhook(new).verify(body, stale)


def test_a_secret_is_long_enough_and_never_the_same():
    first, second = signing.new_secret(), signing.new_secret()
    assert first != second
    assert 24 <= len(base64.b64decode(first.removeprefix("whsec_"))) <= 64


def test_what_is_sealed_opens_with_the_key_it_was_sealed_with_and_for_its_purpose(settings):
    sealed = sealing.seal("whsec_x", purpose="webhook secret")
    assert "whsec" not in sealed
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealed, purpose="something else")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert sealing.unseal(sealed, purpose="webhook secret") == "whsec_x"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealed, purpose="webhook secret")
