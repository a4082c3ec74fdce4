"""Pure work spread over processes: a `map` whose results are those of the built-in one, in the same order.

Each thread of a small pool owns a process that does its work. The processes run this module alone, never the
program that asks: a script that begins anew in each of its helpers would take its documents in again.

>>> list(spreader(10)(abs, [-1, 2]))
[1, 2]
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

if TYPE_CHECKING:  # the processes load this module, and nothing that their work does not need
    from tallystick.identity.names.bulk import Spread

FEW: Final = 50_000
"""Up to so many things a process of its own costs more than it saves."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def spreader(count: int) -> Spread:
    """The `map` for work on so many things: over processes where that is worth it."""
    return map if count <= FEW or _processors() < 2 else over_processes


def over_processes(work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
    """The results of the work on each part, in order. `work` is a function of a module; it and the parts
    are pickled."""
    count = _processors()
    idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    started = [_start() for _ in range(count)]
    for process in started:
        idle.put(process)

    def ask(part: Part) -> Result:
        process = idle.get()
        try:
            return _ask(process, work, part)
        finally:
            idle.put(process)

    try:
        with ThreadPoolExecutor(count) as pool:
            yield from pool.map(ask, parts)
    finally:
        for process in started:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def _ask(process: subprocess.Popen[bytes], work: Callable[[Part], Result], part: Part) -> Result:
    assert process.stdin and process.stdout
    try:
        pickle.dump((work, part), process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        result, error = pickle.load(process.stdout)
    except (EOFError, BrokenPipeError) as gone:
        raise RuntimeError(
            "a process that was to help ended without an answer; it may have lacked memory"
        ) from gone
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


def _start() -> subprocess.Popen[bytes]:
    """A process that answers to `_ask`; it finds modules where this one does."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)


def serve() -> None:
    """Answer on the standard output what is asked on the standard input until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is interrupted, and ends this
    gc.disable()  # pure work leaves no cycles behind, and looking for them takes a tenth of its time
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever is printed must not come between the answers
    while (question := _next(asked)) is not None:
        work, part = question
        answer: tuple[Any, Exception | None]
        try:
            answer = work(part), None
        except Exception as error:
            answer = None, error
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _next(asked: BinaryIO) -> Any:
    try:
        return pickle.load(asked)
    except EOFError:
        return None


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
