"""Audits the lock for known vulnerabilities (pip-audit), and says how many packages could be looked up.

Fails where one has a vulnerability that is known. Where the advisories cannot be reached nothing is known
either way: that is said, and does not fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements/run.txt"
SECONDS = 120


def main() -> int:
    """Exit code: 1 where something must be updated."""
    tool = Path(sys.executable).with_name("pip-audit")
    line = [str(tool), "--format", "json", "--progress-spinner", "off", "--disable-pip"]
    try:
        done = subprocess.run(
            [*line, "--require-hashes", "-r", str(LOCK)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError) as error:
        print(
            f"audit: the advisories cannot be reached, nothing was audited ({type(error).__name__})"
        )
        return 0
    bad = [one for one in found if one.get("vulns")]
    unknown = sum("skip_reason" in one for one in found)
    for one in bad:
        names = ", ".join(
            f"{v['id']} (fixed in {', '.join(v['fix_versions'])})" for v in one["vulns"]
        )
        print(f"audit: {one['name']} {one['version']}: {names}")
    print(
        f"audit: {len(found) - unknown} packages audited, {unknown} could not be looked up, {len(bad)} at fault"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
