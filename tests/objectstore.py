"""A store of objects that speaks S3 (moto's server) on loopback, behind a line that can be made to break."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
from moto.server import ThreadedMotoServer


@dataclass
class Line:
    """What went over the line, and where it breaks."""

    address: str = ""
    requests: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(method, path, Range, Authorization) of each."""
    breaks: list[int] = field(default_factory=list)
    """After so many bytes of a body; one for each of the next bodies."""
    _moto: tuple[str, int] = ("", 0)
    _client: Any = None

    def put(self, bucket: str, key: str, body: bytes, *, acl: str = "public-read") -> str:
        """Put an object, past the line; its address."""
        self._client.create_bucket(Bucket=bucket)
        self._client.put_object(Bucket=bucket, Key=key, Body=body, ACL=acl)
        return f"s3://{bucket}/{key}"


@contextmanager
def object_store() -> Iterator[Line]:
    """A store of its own; `Line.address` is its endpoint."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    line = Line()
    try:
        line._moto = server.get_host_and_port()
        line._client = boto3.client(
            "s3", endpoint_url=f"http://{line._moto[0]}:{line._moto[1]}", region_name="us-east-1",
            aws_access_key_id="x", aws_secret_access_key="x",
        )  # fmt: skip
        front = ThreadingHTTPServer(("127.0.0.1", 0), _handler(line))
        thread = Thread(target=front.serve_forever, daemon=True)
        thread.start()
        line.address = f"http://127.0.0.1:{front.server_port}"
        try:
            yield line
        finally:
            front.shutdown()
            front.server_close()
            thread.join()
    finally:
        server.stop()


def _handler(line: Line) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            given = dict(self.headers.items())
            line.requests.append((self.command, self.path, given.get("Range", ""), given.get("Authorization", "")))
            behind = http.client.HTTPConnection(*line._moto, timeout=30)
            behind.request(self.command, self.path, headers=given)
            answer = behind.getresponse()
            body = answer.read()
            behind.close()
            self.send_response(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in ("transfer-encoding", "connection", "content-length", "server", "date"):
                    self.send_header(key, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            if self.command == "GET" and answer.status < 300 and line.breaks:
                self.wfile.write(body[: line.breaks.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(body)

        do_GET = do_HEAD = _pass  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
