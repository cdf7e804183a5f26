"""`make faults`: whether anything is lost, doubled or left unsaid while everything that can be killed is killed.

A portal of its own (web, worker and beat as `make run` starts them, on a PostgreSQL cluster of its own, or on SQLite
with `--sqlite`) is worked in by officers who type, send scans and hand in, by a coordination office at two windows that
approves more than two hundred reports, and by leaders who read. Meanwhile, drawn from a seed that is printed: web,
worker, beat and their child processes are killed (SIGKILL), the broker is emptied and restarted, PostgreSQL is
restarted (in order, and as a crash), the disk of the files is filled to the last byte. This is done in three legs on
the same data: with the queue in a folder, with Redis, with RabbitMQ.

Afterwards everything that people were told is compared with what is stored. One JSON line ends it; past a bound, 1; so
too where a leg, a kind of fault or an approval that was asked for is missing.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack

from tests.bench.figures import conclude
from tests.campaign import judge
from tests.campaign.injector import TIMES, Injector
from tests.campaign.ledger import Ledger
from tests.campaign.people import Approver, Line, Person, Reader, Typist, Uploader
from tests.campaign.servers import Broker, FolderQueue, OwnPostgres, OwnRabbit, OwnRedis, SmallDisk, folder_for
from tests.factories.live import LiveTown
from tests.portal import BASE_DIR, Database, Portal, wait_until

COMMUNES = (
    "hai-son", "bac-son", "hai-dong", "hai-tien", "quang-nghia", "hai-xuan", "van-ninh", "vinh-trung", "vinh-thuc",
)  # fmt: skip
MONTHS = tuple(f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13))
READ = ("/?as_of=2024-12-31", "/attainment/?level=standard&as_of=2024-12-31", "/units/hai-son/", "/reports/")
TYPING, UPLOADING = COMMUNES[:5], COMMUNES[5:7]
WEB_BACK_BOUND, SETTLED_BOUND = 15.0, 60.0


class Campaign:
    """One portal, several legs."""

    def __init__(self, stack: ExitStack, given: argparse.Namespace) -> None:
        self.given, self.stack = given, stack
        self.postgres = None if given.sqlite else OwnPostgres(stack)
        self.var = folder_for("portal", stack)
        url = self.postgres.url if self.postgres else f"sqlite:///{self.var / 'portal.sqlite3'}"
        self.portal = Portal(self.var, Database(url, self.var))
        self.disk = SmallDisk(self.var / "files", stack)
        self.portal.manage("prepare")
        self.town, self.ledger = LiveTown(self.portal), Ledger()
        self.done: Counter[str] = Counter()
        self.missing: list[str] = []
        self.web_back: list[float] = []
        self.settled: list[float] = []
        self.staged: list[int] = []
        self.heads: list[str] = []

    def broker(self, name: str) -> Broker:
        if name == "folder":
            return FolderQueue(self.var)
        return OwnRedis(self.stack) if name == "redis" else OwnRabbit(self.stack, self.portal.queue)

    def leg(self, number: int, name: str, months: tuple[str, ...]) -> None:
        rng = random.Random(f"{self.given.seed}-{name}")
        broker = self.broker(name)
        print(f"leg {number} on {name}: making {len(months) * len(COMMUNES)} verified reports …", flush=True)
        reports: list[int] = []
        for month in months:
            attaining = [uid for uid in COMMUNES if rng.random() < 0.5]
            short = tuple(uid for uid in COMMUNES if uid not in attaining)
            reports += self.town.stage("verified", *attaining, period=month, short=short).values()
        drafts = self.town.stage("draft", *TYPING, *UPLOADING, period=f"2025-{number:02d}")
        self.staged += reports
        self.portal.broker_url = broker.url
        self.portal.start()
        try:
            self._work(rng, broker, reports, drafts)
        finally:
            self.portal.stop()

    def _work(self, rng: random.Random, broker: Broker, reports: list[int], drafts: dict[str, int]) -> None:
        stop = threading.Event()
        times = {fault: max(1, round(n * self.given.share)) for fault, n in TIMES.items()}
        injector = Injector(self.portal, self.ledger, rng, broker, self.disk, self.postgres, times)
        before = len(self.ledger.approved)

        def line(username: str) -> Line:
            return Line(self.portal, self.ledger, username)

        def may(approved: int) -> bool:
            return (approved - before) / len(reports) <= injector.progress + 0.02

        def drawn() -> random.Random:
            return random.Random(rng.random())

        people: list[Person] = []
        for uid in TYPING:
            typist = Typist(line(f"officer.{uid.replace('-', '')}"), drawn(), stop, drafts[uid], pause=0.8)
            typist.prepare()
            people.append(typist)
        for uid in UPLOADING:
            people.append(Uploader(line(f"officer.{uid.replace('-', '')}"), drawn(), stop, drafts[uid]))
        people += [Reader(line("leader"), drawn(), stop, READ, pause=0.8) for _ in range(2)]
        rng.shuffle(reports)
        approvers: list[Person] = [
            Approver(line("coordinator"), drawn(), stop, heap, may) for heap in (reports, reports[::-1])
        ]
        begun = time.monotonic()
        for person in (*people, *approvers, injector):
            person.start()
        for person in (injector, *approvers):
            person.join()
        ended = time.monotonic()
        stop.set()
        for person in people:
            person.join()
        if injector.fault:
            self.ledger.surprise(f"the injector: {injector.fault}")
        wait_until(lambda: self._open() == 0, 180, lambda: f"every request is closed\n{self.portal.logs()}")
        self.settled.append(time.monotonic() - ended)
        self.done.update(injector.done)
        missing = injector.missing()
        for name in missing:
            print(f"  NOT DONE: {name}", flush=True)
        self.missing += missing
        self.web_back += injector.web_back
        wait_until(self._sealed, 180, "every event is sealed", pause=2)
        self.heads.append(self._head())
        faults, approvals = sum(injector.done.values()), len(self.ledger.approved) - before
        slowest = max(injector.web_back, default=math.inf)
        print(
            f"  {faults} faults in {ended - begun:.0f} s, {approvals} approvals, "
            f"settled in {self.settled[-1]:.1f} s, web back in at most {slowest:.1f} s",
            flush=True,
        )

    def _open(self) -> int:
        return int(self.town.rows("SELECT count(*) FROM indicators_evaluationrequest WHERE done_at IS NULL")[0][0])

    def _sealed(self) -> bool:
        [(waiting,)] = self.town.rows(
            "SELECT count(*) FROM audit_auditevent e WHERE NOT EXISTS"
            " (SELECT 1 FROM audit_auditseal s WHERE s.event_id = e.id)"
        )
        return waiting == 0

    def _head(self) -> str:
        [(seq, made)] = self.town.rows("SELECT seq, hash FROM audit_auditseal ORDER BY seq DESC LIMIT 1")
        return f"{seq}:{made}"

    def verdict(self) -> tuple[dict[str, list[float]], dict[str, list[str]]]:
        """The figures with their bounds, and everything that was found wrong, in words."""
        ledger = self.ledger
        wrong = {
            **judge.values(self.town, ledger),
            **judge.moves(self.town, ledger, self.staged),
            **judge.files(self.town, ledger, self.var / "files"),
            "answers_without_words": ledger.wordless,
            "cut_off_without_a_kill": ledger.unexplained(),
            "surprises": ledger.surprises,
            "recheck_differences": self._command("recheck"),
            "audit_breaks": self._command("verify_audit", *(f"--head={head}" for head in self.heads)),
        }
        figures: dict[str, list[float]] = {name: [len(found), 0] for name, found in wrong.items()}
        figures["web_back_max_s"] = [round(max(self.web_back, default=math.inf), 1), WEB_BACK_BOUND]
        figures["settled_max_s"] = [round(max(self.settled), 1), SETTLED_BOUND]
        return figures, wrong

    def _command(self, *arguments: str) -> list[str]:
        """Lines of a command that failed; none when it found everything right."""
        answer = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR, env=self.portal.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        print(f"  {arguments[0]}: {' · '.join(answer.stdout.splitlines()[-2:])}")
        return (answer.stdout + answer.stderr).splitlines() if answer.returncode else []


def legs(chosen: str) -> tuple[list[str], list[str]]:
    """Return the legs that can be done on this machine, and those that cannot."""
    wanted = ["folder", "redis", "rabbitmq"] if chosen == "all" else [chosen]
    programs = {"redis": shutil.which("redis-server"), "rabbitmq": OwnRabbit.program()}
    absent = [name for name in wanted if not programs.get(name, True)]
    for name in absent:
        print(f"NOT DONE: there is no {name} on this machine; its approvals go to the other legs", flush=True)
    return [name for name in wanted if name not in absent], absent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="draws the faults")
    parser.add_argument("--broker", default="all", choices=["all", "folder", "redis", "rabbitmq"])
    parser.add_argument("--months", type=int, default=len(MONTHS), help="nine approvals each")
    parser.add_argument("--share", type=float, default=1.0, help="of the faults of a leg")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends it leaves no server behind
    print(f"seed {given.seed}", flush=True)
    (names, absent), months = legs(given.broker), MONTHS[-given.months :]
    if not names:
        return conclude({"legs_not_done": [len(absent), 0]})
    with ExitStack() as stack:
        campaign = Campaign(stack, given)
        for number, name in enumerate(names, 1):
            first, end = ((number + n) * len(months) // len(names) for n in (-1, 0))
            campaign.leg(number, name, months[first:end])
        figures, wrong = campaign.verdict()
    ledger = campaign.ledger
    asked = given.months * len(COMMUNES)
    figures |= judge.left_out(ledger, approvals=asked, legs=absent, kinds=campaign.missing)
    for name, found in wrong.items():
        for line in found[:20]:
            print(f"{name}: {line}")
    print(f"answers by status: {dict(sorted(ledger.answers.items()))}; cut off: {len(ledger.cut)}")
    return conclude(
        figures,
        approvals=len(ledger.approved),
        cells_saved=sum(len(told) for told in ledger.typed.values()),
        files_stored=len(ledger.files),
        reports_handed_in=len(ledger.submitted),
        faults=dict(campaign.done),
        database="sqlite" if given.sqlite else "postgresql",
        brokers=names,
        seed=given.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
