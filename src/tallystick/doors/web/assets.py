"""The style sheet and the script of the pages, named by their content so that a browser keeps them for good.

>>> ASSETS.style.startswith("/static/tallystick-"), ASSETS.style.endswith(".css")
(True, True)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from tallystick.report.page import style

SHEETS: Final = ("report.css", "drawn.css", "timeline.css", "validation.css")
"""Style sheets of the reports that pages share, before the pages' own."""
_FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Assets:
    """What pages load besides themselves: one style sheet and one script."""

    @cached_property
    def files(self) -> dict[str, tuple[str, bytes]]:
        """Name in the address -> media type and content."""
        own = files(__package__) / "static"
        sheet = f"{style(*SHEETS)}\n{(own / 'web.css').read_text(encoding='utf-8')}".encode()
        script = (own / "web.js").read_bytes()
        told = (("css", "text/css", sheet), ("js", "text/javascript", script))
        return {f"tallystick-{_digest(data)}.{end}": (media, data) for end, media, data in told}

    @cached_property
    def style(self) -> str:
        """Path of the style sheet."""
        return self._path(".css")

    @cached_property
    def script(self) -> str:
        """Path of the script, which nothing depends on."""
        return self._path(".js")

    def _path(self, end: str) -> str:
        return next(f"/static/{name}" for name in self.files if name.endswith(end))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


ASSETS: Final = Assets()


async def serve(request: Request) -> Response:
    """A file of the pages. One of an older release is not there any more: its page is not either."""
    found = ASSETS.files.get(request.path_params["name"])
    if found is None:
        return Response("not found\n", 404, media_type="text/plain")
    media, data = found
    return Response(data, 200, {"Cache-Control": _FOREVER}, f"{media}; charset=utf-8")
