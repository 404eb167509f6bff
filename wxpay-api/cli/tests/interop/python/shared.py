"""What every test of a Python SDK needs: the folder, the control surface, a server for notifications."""

import gzip
import json
import os
import queue
import threading
import urllib.request
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DIR = Path(os.environ["WXPAY_SANDBOX_DIR"])
ENV = json.loads((DIR / "env.json").read_text(encoding="utf-8"))
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# The smallest picture: one pixel.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REPORT = [
    {"info_type": "活动名称", "info_content": "新会员有礼"},
    {"info_type": "奖励说明", "info_content": "注册会员抽奖"},
]


def read(name):
    return (DIR / name).read_text(encoding="utf-8")


def step(name):
    """Reports a step that worked. The Rust test compares the list with the one it expects."""
    print("ok", name, flush=True)


def control(method, path, body=None):
    """Calls the control surface, never through the proxy."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"} if data else {}
    request = urllib.request.Request(ENV["url"] + "/_sandbox" + path, data, headers, method=method)
    with DIRECT.open(request) as response:
        text = response.read()
    return json.loads(text) if text else None


def fire(number, event):
    return control("POST", f"/resources/{number}/events", {"event": event})


def keys(method, path, body):
    return control(method, f"/accounts/{ENV['mchid']}/keys{path}", body)


def today():
    """The day of the business clock in Beijing, as bills count."""
    now = datetime.fromisoformat(control("GET", "/clock")["now"].replace("Z", "+00:00"))
    return now.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d")


def unpacked(bill):
    return gzip.decompress(bill).decode("utf-8")


class Notifications:
    """Receives notifications. `check` verifies and decrypts one with the SDK."""

    def __init__(self, check):
        self.arrived = queue.Queue()
        arrived = self.arrived

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    result = check(self.headers, body.decode("utf-8"))
                except Exception as error:
                    result = error
                good = result is not None and not isinstance(result, Exception)
                self.send_response(204 if good else 401)
                self.send_header("Content-Length", "0")
                self.end_headers()
                arrived.put(result)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/notify"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self):
        result = self.arrived.get()
        if isinstance(result, Exception):
            raise result
        assert result is not None, "the SDK refused the notification"
        return result
