"""Every table says what it shows and what its columns are (WCAG 2.2, 1.3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Served

As = Callable[[str], TestClient]
PAGES = {
    "company": ("/c/{company}", "/deal/{deal}", "/me"),
    "contributor": ("/console",),
    "analyst": ("/c/{other}", "/compare?a={company}&b={other}", "/review", "/me", "/model"),
    "auditor": ("/c/{other}?purpose=audit", "/disputes"),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_have_a_caption_and_headers(as_role: As, served: Served, lang: str) -> None:
    seen = set()
    for role, paths in PAGES.items():
        client = as_role(role)
        for path in paths:
            page = client.get(f"/{lang}{path.format(**vars(served))}")
            assert page.status_code == 200, path
            for table in re.findall(r"<table.*?</table>", page.text, re.S):
                caption = re.search(r"<caption[^>]*>([^<]+)</caption>", table)
                assert caption and caption[1].strip(), (path, table[:300])
                assert 'scope="col"' in table, (path, caption[1])
                seen.add(re.match(r'<table(?: class="([^"]*)")?', table)[1])  # type: ignore[index]
    assert {"waterfall", "horizons", "promises", "plan", "sources", "spans"} <= seen
