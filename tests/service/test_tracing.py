"""Traces: a service as its operator starts it sends spans of requests and jobs to a collector over OTLP."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .conftest import copy_book


def test_jobs_are_traced_where_the_environment_says_so(world: Path, tmp_path: Path) -> None:
    copy_book(world, tmp_path / "book")
    (tmp_path / "book" / "service.sqlite").unlink()
    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            packed = self.headers.get("content-encoding") == "gzip"
            got.append(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    line = [
        sys.executable,
        "-m",
        "tallystick",
        "worker",
        "--once",
        "--book",
        str(tmp_path / "book"),
    ]
    for traced in (False, True):
        env = dict(os.environ) | ({"OTEL_EXPORTER_OTLP_ENDPOINT": address} if traced else {})
        subprocess.run(line, env=env, check=True, capture_output=True)
        (tmp_path / "book" / "service.sqlite").unlink()
        assert bool(got) == traced
    server.shutdown()
    server.server_close()
    sent = ExportTraceServiceRequest.FromString(got[0])
    spans = [s for r in sent.resource_spans for scope in r.scope_spans for s in scope.spans]
    assert {"job rate", "job clock"} <= {span.name for span in spans}
    names = {a.key: a.value.string_value for a in sent.resource_spans[0].resource.attributes}
    assert names["service.name"] == "tallystick"
