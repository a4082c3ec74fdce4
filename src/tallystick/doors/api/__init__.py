"""The HTTP API under `/v1`. `create_app` makes the whole web application: API, pages, health and metrics."""

from tallystick.doors.api.app import create_app

__all__ = ["create_app"]
