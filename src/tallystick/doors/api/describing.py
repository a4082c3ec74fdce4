"""The description of the API (`/v1/openapi.json`): what every endpoint may answer with, and who may ask.

FastAPI tells what an endpoint returns; what every request may meet on its way (a wrong key, too much, too
often) stands here once. `x-right` names the right of `docs/reference/access.md` that an endpoint asks for.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from tallystick.doors.api.callers import COOKIE, Right
from tallystick.doors.api.problems import ProblemBody, documented
from tallystick.service.access import RIGHTS

ANYWHERE: Final = (401, 403, 413, 422, 429)
"""What any endpoint behind a right may answer with: a wrong key, one for something else, too much, not as
described, too often."""
_METHODS: Final = ("get", "put", "post", "delete", "patch")


def install(app: FastAPI) -> None:
    """Describe the application so."""

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    told = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    parts = told.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["ProblemBody"] = ProblemBody.model_json_schema()
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key: ts_..."},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    }
    rights = _rights(app)
    for path, item in told["paths"].items():
        for method in set(item) & set(_METHODS):
            _finish(item[method], rights.get((method.upper(), path)))
    return told


def _finish(operation: dict[str, Any], right: str | None) -> None:
    answers = operation["responses"]
    if right is None:
        answers.pop("422", None)
        return
    answers.pop("422", None)
    for status, told in documented(*ANYWHERE).items():
        answers.setdefault(str(status), told)
    if "x-body" in operation:
        operation["requestBody"] = operation.pop("x-body")
    if "requestBody" in operation:
        answers.setdefault("400", documented(400)[400])
    operation["x-right"] = right
    ways: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
    operation["security"] = [{}, *ways] if "public" in RIGHTS[right] else ways


def _rights(app: FastAPI) -> dict[tuple[str, str], str]:
    """(method, path) -> the right that it asks for."""
    found = {}
    for route in iter_route_contexts(app.routes):
        for right in rights_of(getattr(route, "dependant", None)):
            for method in route.methods or ():
                found[method, str(route.path)] = right
    return found


def rights_of(dependant: Any) -> set[str]:
    """The rights that an endpoint asks for, by what FastAPI knows of its dependencies."""
    if dependant is None:
        return set()
    found = {dependant.call.name} if isinstance(dependant.call, Right) else set()
    return found.union(*(rights_of(one) for one in dependant.dependencies))
