"""The history of a book's policies: signed, append-only, one in force at a moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallystick.adapters.keys import published
from tallystick.adapters.policies import Commit, commit, find, history, in_force, signed_by
from tallystick.evidence.ledger import EvidenceError
from tallystick.rating import Policy, Scorecard
from tallystick.rating.policy_file import read_policy
from tallystick.units import micros

WINTER = Policy("winter", "2026-11-01", cards={"": Scorecard(kappa=8.0, half_30=0.0)})
SPRING = Policy("spring", "2026-11-01", coverage_ppm=800_000)


def moment(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=UTC))


def two(book: Path) -> list[Commit]:
    commit(book, WINTER, "first", "Ada", moment("2026-11-10T12:00"))
    commit(book, SPRING, "second", "Bo", moment("2026-11-20T12:00"))
    return history(book)


def test_a_commit_is_a_file_that_says_who_when_why_and_is_signed(tmp_path: Path) -> None:
    made = commit(tmp_path, WINTER, " after  the\nring ", "Ada", moment("2026-11-10T12:00"))
    text = (tmp_path / "policies" / "0001-winter.toml").read_text(encoding="utf-8")
    assert 'note = "after the ring"' in text and 'at = "2026-11-10T12:00:00+00:00"' in text
    assert signed_by(read_policy(text, "x")) == made
    assert history(tmp_path) == [made]
    assert made.key in published(tmp_path)


def test_the_key_is_for_its_owner_alone_and_the_public_half_lies_beside(tmp_path: Path) -> None:
    two(tmp_path)
    key = tmp_path / "keys" / "signing.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(published(tmp_path)) == 1
    key.chmod(0o640)
    with pytest.raises(EvidenceError, match=r"may be read by others.*chmod 600"):
        commit(tmp_path, WINTER, "n", "Ada")
    key.chmod(0o600)
    key.write_text("no key")
    with pytest.raises(EvidenceError, match="holds no Ed25519 key"):
        commit(tmp_path, WINTER, "n", "Ada")


def test_a_new_key_verifies_beside_the_old_one(tmp_path: Path) -> None:
    two(tmp_path)
    (tmp_path / "keys" / "signing.pem").unlink()
    third = commit(tmp_path, WINTER, "new key", "Ada")
    assert third.key not in {made.key for made in history(tmp_path)[:2]}
    assert len(history(tmp_path)) == 3
    next(p for key, p in published(tmp_path).items() if key == third.key).unlink()
    with pytest.raises(EvidenceError, match="which this book does not publish"):
        history(tmp_path)


TAMPERED = [
    ("kappa = 8.0", "kappa = 9.0"),
    ("half_30 = 0.0", "half_30 = 5e-324"),
    ('valid_from = "2026-11-01"', 'valid_from = "2026-11-02"'),
    ('note = "first"', 'note = "First"'),
    ('by = "Ada"', 'by = "Eve"'),
    ("at = \"2026-11-10T12", "at = \"2026-11-09T12"),
    ("number = 1", "number = 2"),
    ('previous = ""', 'previous = "00"'),
    ('signature = "', 'signature = "00'),
    ("[signed]", "[unsigned]"),
    ("kappa = 8.0", "kappa 8.0"),
    ("kappa = 8.0", "kappa = -1"),
    ("number = 1", 'number = "1"'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), TAMPERED)
def test_a_changed_file_is_refused_in_a_sentence(tmp_path: Path, old: str, new: str) -> None:
    two(tmp_path)
    path = tmp_path / "policies" / "0001-winter.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"0001-winter\.toml is not what was signed"):
        history(tmp_path)
    with pytest.raises(EvidenceError, match="not what was signed"):
        commit(tmp_path, WINTER, "n", "Ada")


def test_comments_and_spacing_are_nobody_s_business(tmp_path: Path) -> None:
    two(tmp_path)
    path = tmp_path / "policies" / "0001-winter.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("# ", "#   "), encoding="utf-8")
    assert len(history(tmp_path)) == 2


def test_a_file_that_is_missing_swapped_or_put_in_is_seen(tmp_path: Path) -> None:
    two(tmp_path)
    folder = tmp_path / "policies"
    first, second = folder / "0001-winter.toml", folder / "0002-spring.toml"
    kept = first.read_bytes()
    first.unlink()
    with pytest.raises(EvidenceError, match="have no number 1: restore"):
        history(tmp_path)
    first.write_bytes(kept)
    (folder / "0003-spring.toml").write_bytes(second.read_bytes())
    with pytest.raises(EvidenceError, match=r"0003-spring\.toml is not what was signed"):
        history(tmp_path)
    (folder / "0003-spring.toml").unlink()
    second.rename(folder / "0002-summer.toml")
    with pytest.raises(EvidenceError, match=r"0002-summer\.toml is not what was signed"):
        history(tmp_path)
    (folder / "0002-summer.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(EvidenceError, match="not what was signed"):
        history(tmp_path)


def test_the_one_in_force_is_the_newest_commit_whose_day_has_come(tmp_path: Path) -> None:
    commits = two(tmp_path)
    assert in_force([], moment("2030-01-01T00:00")) == Policy()
    assert in_force(commits, moment("2026-11-10T11:59")) == Policy()
    assert in_force(commits, moment("2026-11-10T12:00")) == WINTER
    assert in_force(commits, moment("2026-11-25T00:00")) == SPRING
    later = replace(WINTER, name="later", valid_from="2026-12-01")
    commit(tmp_path, later, "from December on", "Ada", moment("2026-11-21T00:00"))
    commits = history(tmp_path)
    assert in_force(commits, moment("2026-11-30T23:59")) == SPRING
    assert in_force(commits, moment("2026-12-01T00:00")) == later
    back = commit(tmp_path, WINTER, "rather not", "Ada", moment("2026-11-22T00:00"))
    assert in_force([*commits, back], moment("2026-12-02T00:00")) == WINTER


def test_going_back_is_a_new_commit_and_changes_nothing_before_it(tmp_path: Path) -> None:
    before = two(tmp_path)
    commit(tmp_path, find(before, WINTER.digest()[:8]), "spring did not hold", "Ada")
    commits = history(tmp_path)
    assert commits[:2] == before
    assert (commits[2].policy, commits[2].previous) == (WINTER, before[1].signature)
    assert in_force(commits, moment("2026-11-20T13:00")) == SPRING


REFUSED = [
    (SPRING, "n", "Ada", "is the newest commit already"),
    (replace(SPRING, name="winter"), "n", "Ada", "another `name`"),
    (replace(SPRING, name=Policy().name), "n", "Ada", "another `name`"),
    (replace(SPRING, name="no/name"), "n", "Ada", "is no name"),
    (replace(SPRING, name="x", coverage_ppm=0), "n", "Ada", "coverage_ppm: 0 is out of range"),
    (WINTER, "  ", "Ada", "needs the note"),
    (WINTER, "n", "", "needs the name"),
    (WINTER, "n\x1b[2J", "Ada", "printed"),
    (WINTER, "n" * 501, "Ada", "up to 500"),
]


@pytest.mark.parametrize(("policy", "note", "by", "words"), REFUSED)
def test_what_must_not_be_committed_is_refused(
    tmp_path: Path, policy: Policy, note: str, by: str, words: str
) -> None:
    before = two(tmp_path)
    with pytest.raises(EvidenceError, match=words):
        commit(tmp_path, policy, note, by)
    assert history(tmp_path) == before


def test_time_never_runs_backwards(tmp_path: Path) -> None:
    two(tmp_path)
    with pytest.raises(EvidenceError, match="give a later time"):
        commit(tmp_path, WINTER, "n", "Ada", moment("2026-11-20T12:00"))


def test_a_policy_is_found_by_name_digest_or_default(tmp_path: Path) -> None:
    commits = two(tmp_path)
    assert find(commits, "winter") == find(commits, WINTER.digest()[:6].upper()) == WINTER
    assert find(commits, "default") == find(commits, Policy().digest()) == Policy()
    for text in ("", "wint", WINTER.digest()[:5], "ffffffff"):
        with pytest.raises(EvidenceError, match="no policy is called so; this book has "):
            find(commits, text)


COMMITTING = """
import sys
from dataclasses import replace
from pathlib import Path
from tallystick.adapters.policies import commit
from tallystick.rating import Policy
for n in range(int(sys.argv[3])):
    policy = replace(Policy(), name=f"{sys.argv[2]}-{n}", coverage_ppm=800_000 + n)
    commit(Path(sys.argv[1]), policy, "note", sys.argv[2])
    print(n, flush=True)
"""


def committing(book: Path, name: str, count: int) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-c", COMMITTING, str(book), name, str(count)]
    return subprocess.Popen(line, stdout=subprocess.PIPE)


def test_processes_that_commit_at_once_come_one_after_the_other(tmp_path: Path) -> None:
    running = [committing(tmp_path, name, 8) for name in ("ada", "bo")]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    commits = history(tmp_path)
    assert [made.number for made in commits] == list(range(1, 17))
    assert len({made.key for made in commits}) == 1
    for name in ("ada", "bo"):
        mine = [made.policy.name for made in commits if made.by == name]
        assert mine == [f"{name}-{n}" for n in range(8)]


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_a_process_that_is_killed_leaves_whole_commits(tmp_path: Path, seen: int) -> None:
    process = committing(tmp_path, "ada", 1000)
    assert process.stdout is not None
    for _ in range(seen + 1):
        process.stdout.readline()
    time.sleep(0.003 * seen)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = history(tmp_path)
    assert len(before) > seen
    commit(tmp_path, WINTER, "goes on", "Bo")
    assert history(tmp_path)[:-1] == before
