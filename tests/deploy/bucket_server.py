"""Cloud Storage's JSON API with generations, as far as `gcloud storage` uses it on small objects."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from shared.testing.http_stub import Reply, Request, json_reply

OBJECTS = "/storage/v1/b/{bucket}/o"
BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass
class BucketServer:
    """One bucket; `url` is set once it is served."""

    bucket: str
    url: str = ""
    objects: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Reply:
        folder = OBJECTS.format(bucket=self.bucket)
        with self.lock:
            if request.path == f"/upload{folder}":
                return self._upload(request)
            if request.path == folder:
                prefix = request.query.get("prefix", "")
                found = [self._resource(key) for key in sorted(self.objects) if key.startswith(prefix)]
                return json_reply({"items": found})
            _, _, name = request.path.partition(f"{folder}/")
            return self._object(request, unquote(name))

    def _upload(self, request: Request) -> Reply:
        found = re.search(r"boundary='?\"?([^'\";]+)", request.headers["content-type"])
        assert found is not None
        _, about, content, _ = request.body.split(b"--" + found[1].encode())
        name = str(json.loads(BLANK.split(about, maxsplit=1)[1])["name"])
        if refused := self._precondition(request, name):
            return refused
        # A line's end belongs to the boundary behind it.
        self.objects[name] = (BLANK.split(content, maxsplit=1)[1][:-1], self._generation(name) + 1)
        return json_reply(self._resource(name))

    def _object(self, request: Request, name: str) -> Reply:
        asked = int(request.query.get("generation", self._generation(name)))
        if name not in self.objects or asked != self._generation(name):
            return json_reply({"error": {"code": 404, "message": f"No such object: {name}"}}, 404)
        if request.method == "DELETE":
            refused = self._precondition(request, name)
            if refused is None:
                del self.objects[name]
            return refused or Reply(204)
        if request.query.get("alt") == "media":
            return Reply(200, self.objects[name][0], {"Content-Type": "text/plain"})
        return json_reply(self._resource(name))

    def _precondition(self, request: Request, name: str) -> Reply | None:
        wanted = request.query.get("ifGenerationMatch")
        if wanted is None or int(wanted) == self._generation(name):
            return None
        message = "At least one of the pre-conditions you specified did not hold."
        return json_reply({"error": {"code": 412, "message": message}}, 412)

    def _generation(self, name: str) -> int:
        return self.objects.get(name, (b"", 0))[1]

    def _resource(self, name: str) -> dict[str, Any]:
        content, generation = self.objects[name]
        return {
            "kind": "storage#object",
            "name": name,
            "bucket": self.bucket,
            "size": str(len(content)),
            "generation": str(generation),
            "metageneration": "1",
            "contentType": "text/plain",
            "md5Hash": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "mediaLink": f"{self.url}/download{OBJECTS.format(bucket=self.bucket)}/{name}?alt=media",
        }
