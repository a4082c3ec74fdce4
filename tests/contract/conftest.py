"""Makes the plain modules of this folder importable, in tests and in the processes that they start.

Spark's jobs are short here: its Java runtime compiles quickly rather than well, which halves their time. Such a
runtime has room for 48 MB of compiled code, which Spark fills in half a minute, and then compiles no more: it
gets as much room as any other. Garbage is collected by the collector that gives up (and ends the runtime) where
there is no end of it: the other one would keep a test waiting for ever.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault(
    "JDK_JAVA_OPTIONS",
    "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC -XX:ParallelGCThreads=1 -XX:ReservedCodeCacheSize=240m",
)
