"""Webhooks reach nothing but public addresses and the ranges that the operator named."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from itsm.kernel.webhooks import addresses, call

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.0.0.0",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "168.63.129.16", "192.0.0.192", "::1", "::",
    "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_one_s_own_network_is_refused(address):
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(addresses.Refused, match="not a public address"):
        addresses.check(f"https://{host}/hook")
    assert call.post(f"https://{host}/hook", b"{}", {}).problem.endswith("not in WEBHOOK_ALLOWED_RANGES.")


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_admitted(address):
    assert addresses.is_public(ip_address(address))
    addresses.check(f"https://[{address}]/" if ":" in address else f"https://{address}/")


@pytest.mark.parametrize("written", ["127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "LOCALHOST."])
def test_another_way_to_write_loopback_is_refused(written):
    assert call.post(f"https://{written}/", b"{}", {}).status is None
    with pytest.raises(addresses.Refused):
        addresses.admissible(addresses.parsed(f"https://{written}/"))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "//example.org/x", "example.org", "https://",
        "https://user:secret@example.org/", "https://example.org/#part", "https://example.org:99999/", "https://a b/",
        "http://example.org:0/",
    ],
)  # fmt: skip
def test_what_is_no_endpoint_s_address_is_refused(url):
    with pytest.raises(addresses.Refused):
        addresses.check(url)


def test_without_tls_only_a_named_range_is_asked(settings):
    with pytest.raises(addresses.Refused, match="https://"):
        addresses.check("http://1.1.1.1/")
    settings.WEBHOOK_ALLOWED_RANGES = [ip_network("10.20.0.0/16")]
    addresses.check("http://10.20.1.1/")
    addresses.check("https://10.20.1.1/")
    with pytest.raises(addresses.Refused):
        addresses.check("http://10.21.1.1/")


class Names:
    """A name server that answers something else each time."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked = list(answers), 0
        self.real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host, port, *args, **kwargs):
        if host != "hooks.example.test":
            return self.real(host, port, *args, **kwargs)
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]


def test_a_name_that_leads_inside_is_refused(monkeypatch):
    Names(monkeypatch, ["10.0.0.5"])
    answer = call.post("https://hooks.example.test/", b"{}", {})
    assert (answer.status, answer.problem) == (
        None,
        "hooks.example.test is not a public address, and not in WEBHOOK_ALLOWED_RANGES.",
    )


def test_of_several_addresses_only_the_admissible_are_asked(monkeypatch, settings):
    settings.WEBHOOK_ALLOWED_RANGES = [ip_network("127.0.0.2/32")]
    Names(monkeypatch, ["169.254.169.254", "127.0.0.2"])
    assert addresses.admissible(addresses.parsed("https://hooks.example.test/")) == ["127.0.0.2"]


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch, receiver, settings):
    """DNS rebinding: the name leads elsewhere when it is asked a second time; it is not asked."""
    settings.WEBHOOK_ALLOWED_RANGES = [ip_network("127.0.0.1/32")]
    names = Names(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    answer = call.post(f"http://hooks.example.test:{receiver.port}/hook", b"{}", {})
    assert (answer.status, names.asked) == (204, 1)
    assert receiver.got[0]["headers"]["Host"] == f"hooks.example.test:{receiver.port}"


def test_tls_asks_for_the_name_and_refuses_another_s_certificate(monkeypatch, tmp_path, on_loopback):
    server, port = _tls_server(tmp_path, "hooks.example.test")
    try:
        Names(monkeypatch, ["127.0.0.1"])
        unknown = call.post(f"https://hooks.example.test:{port}/", b"{}", {})
        assert unknown.status is None
        assert "CERTIFICATE_VERIFY_FAILED" in unknown.problem
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert call.post(f"https://hooks.example.test:{port}/", b"{}", {}).status == 204
        other = call.post(f"https://127.0.0.1:{port}/", b"{}", {})
        assert other.status is None
    finally:
        server.shutdown()
        server.server_close()


def _tls_server(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_address[1]
