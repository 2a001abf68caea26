"""A small web server on loopback that answers as NetBox's REST API documents it, a page at a time."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class NetBox:
    """Serves `records` by endpoint. `instead` is answered first, one after the other: (status, headers, body)."""

    def __init__(self, records, *, token=TOKEN, most=50):
        self.records, self.token, self.most = records, token, most
        self.asked: list[tuple[str, dict]] = []
        self.authorizations: list[str | None] = []
        self.instead: list[tuple[int, dict, bytes]] = []
        self.delay = 0.0
        self.between = lambda path, question: None  # after an answer
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, question, authorization):
        if self.instead:
            return self.instead.pop(0)
        if self.token and authorization not in (f"Token {self.token}", f"Bearer {self.token}"):
            return 403, {}, b'{"detail": "Invalid token"}'
        endpoint = path.removeprefix("/api/").strip("/")
        if not path.startswith("/api/") or endpoint not in self.records:
            return 404, {}, b'{"detail": "Not found."}'
        return 200, {"Content-Type": "application/json"}, json.dumps(self.page(path, endpoint, question)).encode()

    def page(self, path, endpoint, question):
        """NetBox gives no more at once than its MAX_PAGE_SIZE, whatever limit is asked for."""
        every = self.records[endpoint]
        limit = min(int(question.get("limit", 50)), self.most)
        offset = int(question.get("offset", 0))
        following = {**question, "limit": limit, "offset": offset + limit}
        more = offset + limit < len(every)
        return {
            "count": len(every),
            "next": f"http://netbox.internal{path}?{urlencode(following)}" if more else None,
            "previous": None,
            "results": every[offset : offset + limit],
        }

    def _handler(netbox):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                question = {name: values[0] for name, values in parse_qs(parts.query).items()}
                netbox.asked.append((parts.path, question))
                netbox.authorizations.append(self.headers["Authorization"])
                time.sleep(netbox.delay)
                status, headers, body = netbox.answer(parts.path, question, self.headers["Authorization"])
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                netbox.between(parts.path, question)

            def log_message(self, *args):
                pass

        return Handler
