"""A company as of another day, by what is known today or by what was known then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Served

As = Callable[[str], TestClient]


def _newest(client: TestClient, served: Served) -> str:
    told = client.get(f"/en/c/{served.company}.json").json()
    return str(told["headline"]["as_of"])


def test_the_report_of_a_past_day_knows_less(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    newest = datetime.fromisoformat(_newest(client, served)).date()
    day = (newest - timedelta(300)).isoformat()
    now = client.get(f"/en/c/{served.company}.json").json()
    then = client.get(f"/en/c/{served.company}/on.json?day={day}").json()
    assert then["headline"]["as_of"] == day and then["known"] == "today"
    assert 0 < then["promises"]["total"] < now["promises"]["total"]
    done = [row["done"] for row in then["promises"]["rows"] if row["done"]]
    assert done and max(done) <= day


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_a_past_day_says_so_and_leads_back(
    as_role: As, served: Served, lang: str
) -> None:
    client = as_role("auditor")
    page = client.get(f"/{lang}/c/{served.company}")
    assert f'action="/{lang}/c/{served.company}/on"' in page.text
    then = client.get(f"/{lang}/c/{served.company}/on?day=2025-06-30")
    assert then.status_code == 200 and 'value="2025-06-30"' in then.text
    assert {"en": "by all that is known today", "zh": "计入今天已知的全部内容"}[lang] in then.text
    assert f'href="/{lang}/c/{served.company}"' in then.text
    assert {"en": "numbered", "zh": "编号"}[lang] in then.text  # no names without a purpose
    assert "/dispute" not in then.text and 'id="plan"' not in then.text


def test_what_was_not_known_then_is_not_told(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    path = f"/en/c/{served.company}/on"
    found = client.get(path, params={"day": "2025-06-30", "known": "then"})
    assert found.status_code == 404 and "Nothing was known of" in found.text
    tomorrow = (datetime.now(UTC).date() + timedelta(1)).isoformat()
    for day in ("", "soon", "1989-12-31", tomorrow, "2025-02-30", "2025-06-30' OR 1=1"):
        wrong = client.get(path, params={"day": day})
        assert wrong.status_code == 404 and "between 1990 and today" in wrong.text, day
    today = client.get(path, params={"day": datetime.now(UTC).date().isoformat()})
    assert (today.status_code, today.headers["location"]) == (303, f"/en/c/{served.company}")


def test_the_public_is_asked_to_sign_in(client: TestClient, served: Served) -> None:
    told = client.get(f"/en/c/{served.company}/on?day=2025-06-30")
    assert told.status_code == 303 and "/en/sign-in" in told.headers["location"]
    assert "/on" not in client.get(f"/en/c/{served.company}").text


def test_names_are_shown_for_a_purpose_that_is_logged(as_role: As, served: Served) -> None:
    client = as_role("auditor")
    path = f"/en/c/{served.company}/on"
    whole = client.get(path, params={"day": "2025-06-30", "purpose": "audit 7"})
    assert whole.status_code == 200 and "audit 7" in whole.text and "/en/deal/D-" in whole.text
    told = as_role("company").get("/en/me.json?own=1").json()
    assert any(row["resource"] == "page as of 2025-06-30" for row in told["views"])
