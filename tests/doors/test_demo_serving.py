"""`tallystick demo --serve`, as `make demo` runs it: at its end the pages answer, and Ctrl-C ends all of it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen


def test_a_demo_ends_with_pages_that_answer(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    small = ["--companies", "40", "--deals", "300", "--out", str(tmp_path / "demo")]
    line = [sys.executable, "-m", "tallystick", "demo", *small, "--serve", "--port", str(port)]
    with (tmp_path / "told.txt").open("wb") as told:
        child = subprocess.Popen(line, stdout=told, stderr=told)
        try:
            page = _asked(child, f"http://127.0.0.1:{port}/en")
        finally:
            child.send_signal(signal.SIGINT)
            ended = child.wait(60)
    text = (tmp_path / "told.txt").read_text(encoding="utf-8")
    assert "<html" in page, text
    assert "tallystick-demo" in text and f"http://127.0.0.1:{port}" in text
    assert ended == 0, text


def _asked(child: subprocess.Popen[bytes], url: str) -> str:
    """What a page says once it answers; nothing where the child ends before, or takes two minutes."""
    for _ in range(600):
        if child.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    return ""
