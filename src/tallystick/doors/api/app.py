"""The web application: one process of it serves the API, the pages and the door for agents.

`create_app(settings)` opens the service when the server starts and closes it when it stops; several processes
may do so at once on one book.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import structlog
from fastapi import FastAPI

from tallystick.adapters.drawing import draw
from tallystick.doors import web
from tallystick.doors.agent import agent_server
from tallystick.doors.agent.server import security
from tallystick.doors.api import describing, problems
from tallystick.doors.api.callers import Callers
from tallystick.doors.api.front import Front
from tallystick.doors.api.quick import Quick
from tallystick.doors.api.routes import ROUTERS
from tallystick.identity.names import read_name
from tallystick.report.picture import Picture
from tallystick.service import Service, open_service, tracing
from tallystick.service.looking import practise
from tallystick.service.quota import Quotas
from tallystick.settings import Settings, load_settings

SUMMARY = "Credit ratings of companies in cross-border e-commerce, out of the promises they kept."


def settle(service: Service) -> None:
    """Load what the first search, chart and report would load, which takes a second or two, and have the
    collector of garbage pass over what the process begins with and keeps: to walk through it takes a tenth of a
    second, in which nobody is answered."""
    read_name("华强 trading")
    empty = {"mark": "point", "data": {"values": []}, "usermeta": {"width": 1, "height": 1}}
    draw(Picture("empty", "en", "", "", "", (), (), empty))
    try:
        practise(service)
    except (
        Exception
    ):  # what is wrong with a book is told to whoever asks; it keeps no server from starting
        structlog.get_logger("serve").warning("practice.failed", exc_info=True)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries that count what they handed out tell of leaks


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over the book and the store of the settings (default: of the environment)."""
    used = settings or load_settings()

    agents = agent_server(lambda: app.state.service, used.public_url)
    mcp = agents.streamable_http_app(
        streamable_http_path="/",
        stateless_http=True,
        json_response=True,
        transport_security=security(used.public_url),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = open_service(used)
        app.state.service, app.state.callers = service, Callers(service)
        app.state.quotas = quotas = Quotas(service, used.daily_requests)
        quotas.start()
        settle(service)
        async with agents.session_manager.run():
            yield
        quotas.close()
        service.close()
        tracing.flush()

    tracing.configure()
    app = FastAPI(
        title="Tallystick",
        telemetry={"auto_configure": False, "metrics": False, "logs": False},
        summary=SUMMARY,
        version=version("tallystick"),
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    describing.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/mcp", mcp)
    app.router.routes.extend(web.routes())
    app.add_middleware(Quick, state=app.state)
    https = used.public_url.startswith("https://")
    app.add_middleware(Front, https=https, page=web.refused)
    return app
