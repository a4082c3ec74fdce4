"""The MCP server: names, descriptions and hints of the tools, over HTTP and over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from tallystick.doors.agent import shapes
from tallystick.doors.agent.tools import Tools
from tallystick.service import Service

INSTRUCTIONS: Final = (
    "Credit ratings of companies in cross-border trade, out of the promises they kept. Begin with "
    "find_company, then pass the code on. A probability without its interval and evidence level says little: "
    "tell all three. NR means that too little is known, never that a company is bad."
)
_READS: Final = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Company = Annotated[
    str,
    Field(
        min_length=1,
        max_length=300,
        description="Code C-…, identifier such as lei:5299…, or a name that only one company bears.",
    ),
]
Amount = Annotated[
    str | None, Field(max_length=24, description="What is at stake, as text: '12500.00'.")
]
Currency = Annotated[str, Field(min_length=3, max_length=3, description="ISO 4217, e.g. USD.")]


def agent_server(service: Callable[[], Service], address: str) -> MCPServer:
    """The server over the live book that `service` gives; `address`: how the pages are reached."""
    made = MCPServer(
        "tallystick", version=version("tallystick"), instructions=INSTRUCTIONS, log_level="ERROR"
    )

    def tools() -> Tools:
        return Tools(service(), address)

    @made.tool(annotations=_READS)
    def find_company(
        name: Annotated[str, Field(min_length=1, max_length=300, description="In any script.")],
        country: Annotated[
            str | None, Field(max_length=2, description="ISO 3166, e.g. CN.")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=20)] = 5,
    ) -> shapes.Candidates:
        """Find a company by name, identifier or code. Call this first."""
        return tools().find(name, country, limit)

    @made.tool(annotations=_READS)
    def get_rating(company: Company) -> shapes.Rated:
        """The rating of a company: grade, chance of a broken promise with interval, depth of evidence."""
        return tools().rating(company)

    @made.tool(annotations=_READS)
    def explain_rating(company: Company) -> shapes.Explained:
        """Why a rating is what it is: reasons with points that add up, the record by kind of promise."""
        return tools().explain(company)

    @made.tool(annotations=_READS)
    def assess_counterparty(
        company: Company,
        role: Annotated[shapes.Role, Field(description="What the company is in the deal.")] = "any",
        amount: Amount = None,
        currency: Currency = "USD",
    ) -> shapes.Assessed:
        """What the rating means for a deal: expected loss, proven exposure, cautions, what to do next."""
        return tools().assess(company, role, amount, currency)

    @made.tool(annotations=_READS, structured_output=True)
    def get_report(company: Company, lang: Literal["en", "zh"] = "en") -> dict[str, Any]:
        """The whole credit report as typed blocks, in English or Chinese. Long: prefer explain_rating."""
        return tools().report(company, lang)

    @made.tool(annotations=_READS)
    def list_disputes(company: Company) -> shapes.Disputes:
        """Entries that the company disputes: open ones count as undecided."""
        return tools().disputes(company)

    return made


def security(address: str) -> TransportSecuritySettings:
    """Which hosts may be named in a request: that of the address, and this machine."""
    host = urlsplit(address).netloc
    hosts = [host, "127.0.0.1:*", "localhost:*", "[::1]:*", "127.0.0.1", "localhost"]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[address])
