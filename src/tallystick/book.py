"""The book: the façade in front of all stages, and the only place that wires them to adapters.

>>> from tallystick import open_book                                             # doctest: +SKIP
>>> book = open_book("shop.book", create=True)                                   # doctest: +SKIP
>>> book.ingest(["orders.csv"], mapping="orders.toml")                           # doctest: +SKIP
>>> book.ratings(as_of=date(2018, 10, 17)).to_pandas()                           # doctest: +SKIP

Two times run through everything: `as_of`, the day up to which things have happened, and `known_at`, the
moment up to which evidence had been handed in. The same two give the same answer for ever.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tallystick.adapters import policies as committed
from tallystick.adapters.alerting import alerts_of
from tallystick.adapters.asking import Question, open_pairs, review, why
from tallystick.adapters.background import with_names
from tallystick.adapters.build import build, make_ready
from tallystick.adapters.contributors import contributor
from tallystick.adapters.cuts import Cut
from tallystick.adapters.dealing import gather_deal
from tallystick.adapters.engines import Readers, open_engine
from tallystick.adapters.explaining import Asked, explain
from tallystick.adapters.files import find_files
from tallystick.adapters.finding import company_meant, find_companies
from tallystick.adapters.holding import with_held
from tallystick.adapters.intake import read_mapping, stage_found, stage_said
from tallystick.adapters.judging import history, judged_by, judgement, moved, party_meant, supposing
from tallystick.adapters.ledger import FileLedger
from tallystick.adapters.newest import day_to_rate
from tallystick.adapters.recounting import Tell
from tallystick.adapters.relating import relations
from tallystick.adapters.reporting import documents_of, gather
from tallystick.adapters.rerating import moves
from tallystick.adapters.state import Progress, linked_evidence, quiet
from tallystick.adapters.striking import verdict, with_struck
from tallystick.deals import breaks, overview
from tallystick.engine import Engine
from tallystick.evidence.formats.mapping import Mapping as TableMapping
from tallystick.evidence.formats.plain import said_of
from tallystick.evidence.ledger import Batch, Contributor, Receipt, Snapshot, Staged
from tallystick.evidence.said import Reject, Said
from tallystick.identity.why import Why
from tallystick.rating import Moves, Policy, horizons
from tallystick.rating.horizon import DAYS
from tallystick.rating.policy_file import checked
from tallystick.report import Explanation, Phrases, Report, Timeline, compose, timeline
from tallystick.settings import Settings, load_settings
from tallystick.units import day_number, micros
from tallystick.watch import Alert, WatchPolicy

if TYPE_CHECKING:
    from tallystick.rating.fit import Fitted


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of an ingest: a receipt per batch, and the files passed over with the reason."""

    receipts: Sequence[Receipt]
    passed_over: Sequence[tuple[Path, str]]


def open_book(
    path: str | Path | None = None,
    create: bool = False,
    settings: Settings | None = None,
    policy: Policy | None = None,
) -> Book:
    """The book in a folder. Raises `EvidenceError` where there is none, unless `create`. With `policy` it rates
    by that one, whatever was committed."""
    settings = settings or load_settings()
    return Book(Path(path) if path is not None else settings.book, create, settings, policy)


class Book:
    """One book of evidence and what follows from it. Use as a context manager, or call `close`."""

    def __init__(
        self, path: Path, create: bool, settings: Settings, policy: Policy | None = None
    ) -> None:
        self.path = path
        self.ledger = FileLedger(path, create=create)
        self.settings = settings
        self._given = policy
        self._readers = Readers(lambda: self._engine(path / "derived" / "scratch"))

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the book holds open."""
        self._readers.close()
        self.ledger.close()

    # evidence

    def ingest(
        self,
        paths: Sequence[str | Path],
        mapping: str | Path | TableMapping | None = None,
        who: Contributor | None = None,
        recorded_at: datetime | None = None,
        progress: Progress | None = None,
    ) -> IngestResult:
        """Take files, folders and archives in. Each table is a batch; the documents are one more per
        contributor; a file that is read as a stream is one or, where it is long, several. Raises
        `EvidenceError` for what cannot be read at all; batches before it stand."""
        rules = read_mapping(mapping) if mapping is not None else None
        at_us = micros(recorded_at) if recorded_at else None
        staging = self.ledger.staging_dir()
        found = find_files([Path(path) for path in paths], staging)
        staged = stage_found(found, rules, who, staging, progress)
        receipts = [self._commit(batch, at_us) for batch in staged]
        return IngestResult(receipts, found.passed_over)

    def add(
        self,
        documents: Iterable[Mapping[str, Any] | Said],
        who: Contributor | str,
        source: str = "api",
        recorded_at: datetime | None = None,
    ) -> Receipt:
        """Take documents in as one batch: dictionaries of the JSON shape, or `Said`."""
        said: list[Said | Reject] = [
            doc if isinstance(doc, Said) else said_of(doc, source, n)
            for n, doc in enumerate(documents, start=1)
        ]
        person = contributor(who) if isinstance(who, str) else who
        at_us = micros(recorded_at) if recorded_at else None
        return self._commit(stage_said(said, person, source), at_us)

    def _commit(self, staged: Staged, at_us: int | None) -> Receipt:
        return self.ledger.commit(with_struck(with_held(staged, self.ledger), self.ledger), at_us)

    def batches(self) -> list[Batch]:
        """All batches, retracted ones included, in the order in which they were taken."""
        return list(self.ledger.batches())

    def retract(self, batch_id: str, why: str) -> Batch:
        """Take a batch out: the book is then as if it never had it. Earlier states stay readable."""
        return self.ledger.retract(batch_id, why)

    def strike(
        self,
        doc_ids: Sequence[str],
        why: str,
        by: str,
        reason: str = "other",
        recorded_at: datetime | None = None,
    ) -> Receipt:
        """Strike documents: they count nowhere, and the same said again does not either. `reason`: a key of
        `DISPUTED`. Raises `EvidenceError` for documents that the book does not have."""
        at = recorded_at or datetime.now(UTC)
        return self._commit(
            verdict(self.ledger, doc_ids, "struck", why, by, reason, at), micros(at)
        )

    def restore(
        self, doc_ids: Sequence[str], why: str, by: str, recorded_at: datetime | None = None
    ) -> Receipt:
        """Let documents count again that were struck, or that say again what was."""
        at = recorded_at or datetime.now(UTC)
        return self._commit(
            verdict(self.ledger, doc_ids, "restored", why, by, "other", at), micros(at)
        )

    def strikes(self, known_at: datetime | None = None) -> pa.Table:
        """The last word on each document that was struck or restored (schema STRUCK), by doc_id."""
        return self.ledger.struck(micros(known_at) if known_at else None).verdicts

    def rejects(self, batch_id: str) -> pa.Table:
        """What was rejected or is held of a batch (schema REJECT)."""
        return self.ledger.rejects(batch_id)

    # what follows

    def cut(
        self,
        as_of: date | None = None,
        known_at: datetime | None = None,
        progress: Progress | None = None,
        tell: Tell | None = None,
    ) -> Cut:
        """Everything derived as of a day and as known at a moment, from the cache or made anew. `tell`: takes
        the ratings of those in touched deals before the cut is whole, where it grows out of an earlier one."""
        snapshot = self.ledger.snapshot(micros(known_at) if known_at else None)
        day = day_number(as_of) if as_of else self._newest_day(snapshot)
        return self._build(snapshot, day, self.policy_at(known_at), progress, tell=tell)

    def prepare(self, cut: Cut) -> None:
        """Have all ready that a cut grows by, so that the first batch after it is rated like any other."""
        make_ready(cut, self._engine)

    def _build(
        self,
        snapshot: Snapshot,
        day: int,
        policy: Policy,
        progress: Progress | None,
        root: Path | None = None,
        tell: Tell | None = None,
    ) -> Cut:
        return build(
            root or self.path / "derived",
            self._engine,
            self.settings.engine,
            snapshot,
            day,
            policy,
            progress or quiet,
            tell,
        )

    # policies

    def policy_at(self, known_at: datetime | None = None) -> Policy:
        """The policy that ratings as known at a moment are made with; without one: now."""
        at_us = micros(known_at or datetime.now(UTC))
        return self._given or committed.in_force(committed.history(self.path), at_us)

    def policies(self) -> list[committed.Commit]:
        """All policies ever put in force, in their order, each verified."""
        return committed.history(self.path)

    def policy_named(self, text: str) -> Policy:
        """The policy that a name, (the beginning of) a digest, or `default` means."""
        return committed.find(committed.history(self.path), text)

    def try_policy(self, policy: Policy, cut: Cut, progress: Progress | None = None) -> Moves:
        """Whom another policy would move, by how much and why, on the evidence of a cut; nothing is put in
        force. Once it is, the ratings are value for value those that were compared."""
        return moves(cut, self._build(cut.snapshot, cut.as_of_day, checked(policy), progress))

    def fit(self, cut: Cut, name: str, progress: Progress = quiet, fairness: float = 0.0) -> Fitted:
        """A draft of a policy, with scorecards fitted strictly out of time to the promises of a cut."""
        from tallystick.adapters.fitting import fit_cut

        with closing(self._engine(self.path / "derived" / "scratch")) as engine:
            return fit_cut(cut, engine, name, progress, fairness)

    def foretell(self, cut: Cut, progress: Progress = quiet, learned: bool = True) -> pa.Table:
        """Promises foretold strictly out of time, by the rating and its rivals (schema PREDICTION)."""
        from tallystick.adapters.validating import foretell_cut

        with closing(self._engine(self.path / "derived" / "scratch")) as engine:
            return foretell_cut(cut, engine, progress, learned)

    def commit_policy(
        self, policy: Policy, note: str, by: str, at: datetime | None = None
    ) -> committed.Commit:
        """Put a policy in force, from its `valid_from` on, durably and signed. Going back is committing an
        earlier one again. Raises `EvidenceError` for one that cannot be used."""
        return committed.commit(self.path, policy, note, by, micros(at) if at else None)

    def ratings(
        self, as_of: date | None = None, known_at: datetime | None = None, cut: Cut | None = None
    ) -> pa.Table:
        """All ratings (columns of RATING after company code, name, country), by company and scope."""
        cut = cut or self.cut(as_of, known_at)
        keys = ("company", "scope", "role", "kind")
        rows = cut.read("ratings").sort_by([(key, "ascending") for key in keys])
        return with_names(rows, cut)

    def horizons(self, cut: Cut, days: Sequence[int] = DAYS) -> pa.Table:
        """How probable it is that companies break any promise in the days to come (columns of HORIZON after
        company code, name, country), by company and scope. Raises `ValueError` for more days than 365."""
        records, ratings = (cut.read(name) for name in ("records", "ratings"))
        rows = horizons(records, ratings, cut.policy, cut.as_of_day, days)
        keys = ("company", "scope", "role", "kind", "days")
        return with_names(rows.sort_by([(key, "ascending") for key in keys]), cut)

    def promises(
        self, as_of: date | None = None, known_at: datetime | None = None, cut: Cut | None = None
    ) -> pa.Table:
        """All promises (schema PROMISE), by deal, kind, item and promisor."""
        cut = cut or self.cut(as_of, known_at)
        keys = ("deal", "kind", "item", "promisor")
        return cut.read("promises").sort_by([(key, "ascending") for key in keys])

    def companies(self, cut: Cut) -> pa.Table:
        """All companies (schema COMPANY)."""
        return cut.read("companies")

    def breaks(self, cut: Cut, deals: Sequence[int] | None = None) -> pa.Table:
        """Where the documents of deals disagree; all deals by default."""
        asked = None if deals is None else pa.table({"deal": pa.array(deals, pa.int64())})
        with self.evidence(cut) as engine:
            return breaks(engine, asked)

    def deals(self, cut: Cut) -> pa.Table:
        """All deals, one line each (columns of `deals.overview`), by first day and deal."""
        with self.evidence(cut) as engine:
            return overview(engine, breaks(engine, None))

    def documents_of(self, cut: Cut, deals: Sequence[int]) -> pa.Table:
        """The documents of deals with where they came from, by day, kind and document."""
        with self.reading() as engine:
            return documents_of(engine, deals, cut)

    def deal(self, code: str, cut: Cut, lang: str = "en") -> Timeline:
        """One deal `D-…` as a timeline; `lang` is "en" or "zh". Raises `EvidenceError` where there is none."""
        with self.reading() as engine:
            return timeline(gather_deal(code, cut, engine, self.batches()), lang)

    def report(self, company: str, cut: Cut, lang: str = "en") -> Report:
        """The report on one company, for `render_terminal`, `render_json` and `render_html`.

        `company` as `company_key` takes it; `lang` is "en" or "zh".
        """
        key = self.company_key(company, cut)
        with self.reading() as engine:
            material = gather(cut, key, engine, self.batches(), with_plan=True)
        return compose(material, lang)

    def explain(self, what: str, cut: Cut, lang: str = "en") -> Explanation:
        """How a number comes about, down to rows of files. `what`: a company, `company/kind`, a deal
        `D-…` or a promise `D-…/kind/item`; `lang` is "en" or "zh". Raises `EvidenceError` where there is no
        such thing."""
        say = Phrases(lang)
        asked = Asked.read(what, lambda text: self.company_key(text, cut))
        with self.reading() as engine:
            return explain(asked, cut, engine, self.batches(), say)

    def alerts(self, cut: Cut, policy: WatchPolicy | None = None) -> list[Alert]:
        """Patterns that somebody should look at, the strongest first. They change no rating."""
        with self.evidence(cut) as engine:
            return alerts_of(cut, engine, policy)

    def judge(
        self,
        a: str,
        b: str,
        verdict: str,
        why: str,
        by: str,
        cut: Cut,
        recorded_at: datetime | None = None,
    ) -> Receipt:
        """Hand in a judgement: `a` and `b` are the "same" company, are kept "apart", or what was judged
        of them is "withdrawn". Each is an identifier `scheme:value`, a reference as `how` shows it, or
        a company of the cut. Raises `EvidenceError` for what means nothing or no two."""
        at = recorded_at or datetime.now(UTC)
        return self._commit(self._judgement(a, b, verdict, why, by, cut, at), micros(at))

    def preview(
        self, a: str, b: str, verdict: str, cut: Cut, progress: Progress | None = None
    ) -> list[dict[str, Any]]:
        """The headline ratings that such a judgement would move (rows of `judging.moved`), with nothing
        handed in. It takes as long as rating everybody from the evidence alone."""
        at = datetime.now(UTC)
        staged = self._judgement(a, b, verdict, "preview", "preview", cut, at)
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            state = supposing(cut.snapshot, staged)
            after = self._build(state, cut.as_of_day, cut.policy, progress, Path(folder))
            return moved(cut, after)

    def how(self, company: str, cut: Cut) -> list[dict[str, Any]]:
        """How a company came to be: its descriptions with the reason why each means it, and the joins that
        were refused (rows of `judging.history`)."""
        return history(cut, self.company_key(company, cut), judged_by(cut.snapshot))

    def related(self, company: str, cut: Cut) -> list[dict[str, Any]]:
        """Who is related to a company, how, how far, and by which document (rows of `relating.relations`)."""
        return relations(cut, self.company_key(company, cut))

    def why(self, a: str, b: str, cut: Cut) -> Why:
        """The evidence on whether `a` and `b` are one company, with weights that add up to the match weight,
        and what came of it. Each is a code, an identifier, a reference as `how` shows it, or a name.
        Raises `EvidenceError` for what means nothing, or one description twice."""
        return why(a, b, cut, lambda text: self.company_key(text, cut))

    def review(self, cut: Cut, limit: int = 20) -> list[Question]:
        """What a person should decide, most valuable first: held companies, then pairs; nothing twice."""
        with self.evidence(cut) as engine:
            return review(cut, engine, limit)

    def undecided(self, company: str, cut: Cut) -> list[Why]:
        """What is held or worth a look with one company, heaviest first."""
        return open_pairs(cut, self.company_key(company, cut))

    def _judgement(
        self, a: str, b: str, verdict: str, why: str, by: str, cut: Cut, at: datetime
    ) -> Staged:
        left, right = (party_meant(text, cut, self._known(text, cut)) for text in (a, b))
        said = judgement(left, right, verdict, why, at)
        return stage_said([said], Contributor(by, "operator"), "judgement")

    def _known(self, text: str, cut: Cut) -> int | None:
        """The company that a text means, None where it is a reference of its own."""
        return None if text.startswith("name:") else self.company_key(text, cut)

    def reading(self) -> AbstractContextManager[Engine]:
        """An engine for a few questions, quick to open, closed at the end."""
        return self._readers.one()

    @contextmanager
    def evidence(self, cut: Cut) -> Iterator[Engine]:
        """An engine in which the view `doc_linked` of the whole cut can be read, closed at the end."""
        with closing(self._engine(self.path / "derived" / "scratch")) as engine:
            linked_evidence(engine, cut)
            yield engine

    def company_key(self, text: str, cut: Cut) -> int:
        """The company that a code, an identifier `scheme:value` or a unique name means.

        Raises `EvidenceError` with the nearest answers where it is none or several.
        """
        return company_meant(text, cut)

    def find(self, text: str, cut: Cut, limit: int = 20, lang: str = "en") -> list[dict[str, Any]]:
        """Companies that a code, an identifier or (a part of) a name may mean, best first: company, code, name,
        country, ref, `match` (code, identifier, name, similar) and `why` in words; `lang` is "en" or "zh"."""
        return find_companies(text, cut, limit, lang)

    def _engine(self, scratch: Path) -> Engine:
        return open_engine(
            self.settings.engine, scratch, self.settings.memory_mb, self.settings.threads
        )

    def _newest_day(self, snapshot: Snapshot) -> int:
        root, today = self.path / "derived", day_number(datetime.now(UTC).date())
        opened = partial(open_engine, "duckdb", root / "scratch", self.settings.memory_mb)
        return day_to_rate(root, opened, snapshot, today)
