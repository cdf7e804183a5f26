"""Background work as its page reads it: states in words and shapes, progress, faults told without a program's text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.models import EvaluationRequest
from indicators.presenters.schedule import Entry, long_ago, schedule_lines
from indicators.selectors.jobs import Background, ended_at
from mongcai_portal.common import jobs
from mongcai_portal.common.letters import LetterCount
from mongcai_portal.common.models import Heartbeat, Job
from mongcai_portal.common.templatetags.portal import localname, time_vi

# Shape and colour of each state; the word stands beside it.
LOOKS = {
    Job.State.WAITING: ("hourglass", "none"),
    Job.State.RUNNING: ("loader-2", "part"),
    Job.State.DONE: ("circle-check", "met"),
    Job.State.FAILED: ("alert-triangle", "unmet"),
    Job.State.CANCELLED: ("ban", "none"),
}
_DATABASE = {"OperationalError", "InterfaceError", "DatabaseError", "InternalError"}
_MAIL_SILENT = {
    "OSError", "ConnectionRefusedError", "ConnectionResetError", "TimeoutError", "gaierror", "SMTPConnectError",
    "SMTPServerDisconnected",
}  # fmt: skip
_DISK = {"OSError", "PermissionError", "FileNotFoundError", "BlockingIOError"}


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work. `percent` is None while nothing is known; `job_id` is None for an evaluation."""

    key: str
    label: str
    detail: str
    state: str
    word: str
    icon: str
    look: str
    percent: int | None
    progress: str
    told: str
    alarming: bool
    attempts: str
    error: str
    asked: str
    ended: str
    lasted: str
    job_id: int | None = None
    can_cancel: bool = False
    can_retry: bool = False


@dataclass(frozen=True, slots=True)
class Alive:
    """Whether beat, or the workers of a queue, showed life within the last minute."""

    label: str
    alive: bool
    since: str


@dataclass(frozen=True, slots=True)
class Start:
    """A kind of job that can be started."""

    code: str
    label: str
    open: bool


@dataclass(frozen=True, slots=True)
class JobsView:
    """The page."""

    alive: tuple[Alive, ...]
    open: tuple[Line, ...]
    more: str
    failed: int
    letters: str
    letters_failed: str
    letter_lines: tuple[str, ...]
    past: tuple[Line, ...]
    older: str
    starts: tuple[Start, ...]
    schedule: tuple[Entry, ...]

    @property
    def digest(self) -> str:
        """Changes when what the page says changes."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]


def jobs_view(found: Background) -> JobsView:
    """Arrange the page."""
    hidden = found.waiting - len(found.evaluations)
    opened = {job.kind for job in found.jobs}
    waiting, given_up = (sum(getattr(one, name) for one in found.letters) for name in ("waiting", "failed"))
    return JobsView(
        alive=tuple(
            Alive(str(Heartbeat.Component(name).label), sign.alive, "" if sign.alive else long_ago(sign.at))
            for name, sign in found.signs.items()
        ),
        open=(
            *(_job(job, found.now) for job in found.jobs),
            *(_evaluation(row, found) for row in found.evaluations),
        ),
        more=ngettext("và %(n)s báo cáo khác chờ tính", "và %(n)s báo cáo khác chờ tính", hidden) % {"n": hidden}
        if hidden > 0
        else "",
        failed=found.failed,
        letters=ngettext("%(n)s lời nhắc chờ gửi thư", "%(n)s lời nhắc chờ gửi thư", waiting) % {"n": waiting}
        if waiting
        else "",
        letters_failed=ngettext("%(n)s thư không gửi được", "%(n)s thư không gửi được", given_up) % {"n": given_up}
        if given_up
        else "",
        letter_lines=tuple(_letters(one) for one in found.letters if one.failed),
        past=tuple(_job(row, found.now) if isinstance(row, Job) else _evaluation(row, found) for row in found.past),
        older=found.older.isoformat() if found.older else "",
        starts=tuple(Start(kind.code, str(kind.label), kind.code in opened) for kind in jobs.kinds()),
        schedule=schedule_lines(found),
    )


def error_words(code: str) -> str:
    """What went wrong, in words; a program's own text may name addresses and stays in the server's log."""
    name = code.partition(":")[0].strip()
    if not name:
        return ""
    if name == jobs.LOST:
        return _("Bộ xử lý dừng giữa chừng khi đang làm việc này.")
    if name == jobs.UNKNOWN:
        return _("Phiên bản này của cổng không còn loại việc này.")
    if name in _DATABASE:
        return _("Cơ sở dữ liệu không trả lời hoặc không nhận ghi.")
    if name in _DISK:
        return _("Không đọc hoặc ghi được tệp trên đĩa máy chủ.")
    return _("Chương trình gặp lỗi %(name)s; chi tiết có trong nhật ký của bộ xử lý.") % {"name": name[:60]}


def _letters(one: LetterCount) -> str:
    """What was given up of a kind of letter: how many, after how many tries, and why."""
    words = {
        "kind": one.kind.label, "n": one.failed, "tries": one.attempts, "fault": letter_fault(one.fault),
    }  # fmt: skip
    return (
        ngettext(
            "%(kind)s: %(n)s thư, gửi nhiều nhất %(tries)s lần; lần cuối: %(fault)s",
            "%(kind)s: %(n)s thư, gửi nhiều nhất %(tries)s lần; lần cuối: %(fault)s",
            one.failed,
        )
        % words
    )


def letter_fault(name: str) -> str:
    """Why a letter was not taken, in words, with the name under which the worker's log has the rest."""
    if name in _MAIL_SILENT:
        words = _("không kết nối được máy chủ thư")
    elif name == "SMTPAuthenticationError":
        words = _("máy chủ thư không nhận tài khoản gửi")
    elif name == "SMTPRecipientsRefused":
        words = _("máy chủ thư từ chối địa chỉ người nhận")
    else:
        words = _("máy chủ thư không nhận thư")
    return f"{words} ({name[:60]})" if name else words


def _job(job: Job, now: datetime) -> Line:
    kind = jobs.find(job.kind)
    icon, look = LOOKS[Job.State(job.state)]
    done = job.state == Job.State.DONE
    alarming = bool(done and kind and kind.alarming(job.result))
    word = str(job.get_state_display())
    if job.state == Job.State.RUNNING and job.cancel_asked:
        word = pgettext("job", "đang dừng theo yêu cầu hủy")
    elif job.state == Job.State.WAITING and job.not_before > now:
        word = pgettext("job", "chờ chạy lại lúc %(time)s") % {"time": time_vi(job.not_before)}
    elif job.state == Job.State.CANCELLED and job.cancelled_by:
        word = pgettext("job", "%(who)s đã hủy") % {"who": job.cancelled_by}
    running = job.state == Job.State.RUNNING
    return Line(
        key=f"job-{job.pk}",
        label=jobs.label_of(job.kind),
        detail="",
        state=job.state,
        word=word,
        icon="alert-triangle" if alarming else icon,
        look="unmet" if alarming else look,
        percent=100 * job.done // job.total if running and job.total else None,
        progress=f"{job.done}/{job.total}" if running and job.total else "",
        told=kind.told(job.result) if done and kind and job.result else "",
        alarming=alarming,
        attempts=_attempts(job.attempts, kind.tries if kind else 0),
        error=_fault(job.error, last=job.state in jobs.OPEN) if not done else "",
        asked=_asked(job.asked_by, job.asked_at),
        ended=time_vi(job.finished_at),
        lasted=_lasted(job.started_at, job.finished_at),
        job_id=job.pk,
        can_cancel=job.state in jobs.OPEN and not job.cancel_asked,
        can_retry=job.state in (Job.State.FAILED, Job.State.CANCELLED),
    )


def _evaluation(row: EvaluationRequest, found: Background) -> Line:
    version = found.names.get(row.unit_id)
    done = row.done_at is not None
    given_up = not done and row.attempts >= row.TRIES
    state = (
        Job.State.DONE
        if done
        else Job.State.FAILED
        if given_up or row.error
        else Job.State.RUNNING
        if row.taken_at
        else Job.State.WAITING
    )
    icon, look = LOOKS[state]
    word = str(state.label)
    if state == Job.State.FAILED and not given_up:
        word = pgettext("job", "lỗi, sẽ tự chạy lại")
    return Line(
        key=f"evaluation-{row.pk}",
        label=_("Tính kết quả của một báo cáo"),
        detail=f"{localname(version) if version else row.unit.uid} · {row.period.code}",
        state=state,
        word=word,
        icon=icon,
        look=look,
        percent=None,
        progress="",
        told="",
        alarming=False,
        attempts=_attempts(row.attempts, row.TRIES),
        error=_fault(row.error or (jobs.LOST if given_up else ""), last=not given_up),
        asked=time_vi(row.requested_at),
        ended=time_vi(ended_at(row)) if done else "",
        lasted=_lasted(row.requested_at, row.done_at),
    )


def _fault(code: str, *, last: bool) -> str:
    """What went wrong; `last`: in the try before, as there will be another."""
    words = error_words(code)
    return _("Lần trước: %(fault)s") % {"fault": words} if words and last else words


def _attempts(made: int, most: int) -> str:
    """How often it was begun; once is not worth a word."""
    return _("lần chạy thứ %(made)s, nhiều nhất %(most)s lần") % {"made": made, "most": most} if made > 1 else ""


def _asked(by: str, at: datetime) -> str:
    return f"{by or _('theo lịch')}, {time_vi(at)}"


def _lasted(start: datetime | None, end: datetime | None) -> str:
    if start is None or end is None:
        return ""
    seconds = max(end - start, timedelta(0)).total_seconds()
    if seconds < 1:
        return _("dưới 1 giây")
    if seconds < 90:
        return ngettext("%(n)s giây", "%(n)s giây", round(seconds)) % {"n": round(seconds)}
    minutes = round(seconds / 60)
    return ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes}
