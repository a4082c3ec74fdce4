"""The door for agents, tried with the official client: in memory, over HTTP, and over standard input and
output."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tallystick.doors.agent import agent_server
from tallystick.service import Service

from .conftest import ON_SQLITE

TOOLS = {
    "find_company",
    "get_rating",
    "explain_rating",
    "assess_counterparty",
    "get_report",
    "list_disputes",
}


def talk(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The answers of a server to calls of tools; errors as they come."""

    async def go() -> list[Any]:
        async with Client(server) as client:
            return [await client.call_tool(name, args) for name, args in calls]

    return asyncio.run(go())


@pytest.fixture
def server(service: Service) -> Any:
    return agent_server(lambda: service, "https://ratings.example")


def a_code(service: Service) -> str:
    rows = service.book.ratings(cut=service.cut()).to_pylist()
    return next(r["code"] for r in rows if r["scope"] == "headline" and r["n_promises"] > 5)


@ON_SQLITE
def test_the_tools_say_what_they_are(server: Any) -> None:
    async def go() -> list[Any]:
        async with Client(server) as client:
            return list((await client.list_tools()).tools)

    tools = asyncio.run(go())
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.description and tool.output_schema and tool.annotations.read_only_hint


@ON_SQLITE
def test_from_a_name_to_a_decision(service: Service, server: Any) -> None:
    code = a_code(service)
    found, rated, why, deal, report, disputes = talk(
        server,
        ("find_company", {"name": code}),
        ("get_rating", {"company": code}),
        ("explain_rating", {"company": code}),
        ("assess_counterparty", {"company": code, "amount": "12500.00", "currency": "EUR"}),
        ("get_report", {"company": code, "lang": "zh"}),
        ("list_disputes", {"company": code}),
    )
    assert found.structured_content["companies"][0]["code"] == code
    head = rated.structured_content
    assert head["interval_ppm"] == 900_000 and "90 % interval" in head["sentence"]
    assert head["low_ppm"] <= head["broken_ppm"] <= head["high_ppm"] and head["as_of"]
    assert head["evidence_url"] == f"https://ratings.example/en/c/{code}"
    told = why.structured_content
    assert round(sum(r["points"] for r in told["reasons"]), 1) == told["score"]
    cents = int(deal.structured_content["amount_usd"].replace(".", ""))
    loss = int(deal.structured_content["expected_loss_usd"].replace(".", ""))
    assert 1_250_000 != cents > 100_000 and loss == cents * head["broken_ppm"] // 1_000_000
    assert report.structured_content["lang"] == "zh"
    assert report.structured_content["provenance"]["sources"] == []
    assert disputes.structured_content == {
        "company": code,
        "open": 0,
        "disputes": [],
        "next_step": "Nothing is contested now.",
    }


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("get_rating", {"company": "zzz no such firm qqq"}, "find_company"),
        ("get_rating", {"company": "C-0000000000000"}, "find_company"),
        ("assess_counterparty", {"company": "CODE", "amount": "many"}, "amount"),
        ("assess_counterparty", {"company": "CODE", "amount": "1", "currency": "ZZZ"}, "currency"),
        ("assess_counterparty", {"company": "CODE", "role": "king"}, "seller"),
    ],
)
def test_errors_teach(
    service: Service, server: Any, name: str, args: dict[str, Any], words: str
) -> None:
    code = a_code(service)
    (told,) = talk(server, (name, {k: code if v == "CODE" else v for k, v in args.items()}))
    assert told.is_error and words in told.content[0].text


@pytest.fixture(scope="module")
def address(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service as its user starts it."""
    import shutil

    book = tmp_path_factory.mktemp("agent") / "book"
    shutil.copytree(world, book)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "tallystick", "serve", "--port", str(port), "--book", str(book)]
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        assert child.wait(40) == 0, "it did not end in peace"


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert child.poll() is None, "the service ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the service did not become ready")


def test_over_http_beside_the_api(address: str) -> None:
    found, rated = talk(
        f"{address}/mcp/",
        ("find_company", {"name": "shenzhen", "limit": 3}),
        ("get_rating", {"company": "id:tradeport.member:00000001"}),
    )
    assert found.structured_content["companies"]
    assert rated.structured_content["company"].startswith("C-")


def test_over_standard_input_and_output(world: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(world, tmp_path / "book")
    args = ["-m", "tallystick", "agent", "--book", str(tmp_path / "book")]
    way = StdioServerParameters(command=sys.executable, args=args, env=dict(os.environ))
    (rated,) = talk(way, ("get_rating", {"company": "id:tradeport.member:00000001"}))
    assert rated.structured_content["company"].startswith("C-")
