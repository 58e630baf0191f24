"""Run a use case on the database thread; answer on the GUI thread. The GUI never waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.models.errors import ConsoleError

T = TypeVar("T")
BUSY_AFTER_S = 0.3

log = logging.getLogger(__name__)


class Unexpected(ConsoleError):
    """A fault of ours; details are in the log file."""

    code = "unexpected"


class Runner(Protocol):
    """The store, as far as the views know it: one thread, one transaction a use case."""

    def submit(self, use_case: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]: ...

    def submit_read(self, query: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]: ...


class Beside:
    """A Runner with threads of its own, for work that waits on a file or a child process.

    What it runs gets no unit of work, only its arguments. Implements `Runner`.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = ThreadPoolExecutor(threads, "beside")

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._threads.submit(work, *args, **kwargs)

    submit_read = submit

    def close(self) -> None:
        """What has not begun never will; what runs is not waited for here."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Teller(Protocol):
    """How ops tells the user; `notify.Notify` is one."""

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> object: ...


@dataclass(frozen=True, slots=True)
class _Look:
    """A query with its arguments, and who waits for what it finds."""

    query: Callable[..., Any]
    args: tuple[object, ...]
    then: Callable[[Any], object]
    failed: Callable[[ConsoleError], object] | None


@dataclass(frozen=True, slots=True)
class _Job:
    """`look` is of `Ops.look`: what is asked, of whose newest answer nobody wants an older."""

    begun: float
    owner: QObject | None
    then: Callable[[Any], object] | None
    failed: Callable[[ConsoleError], object] | None
    look: _Look | None = None

    def has_listener(self) -> bool:
        return self.owner is None or shiboken6.isValid(self.owner)


class Ops(QObject):
    """One per window. `busyChanged` turns true when a job takes longer than 0.3 s."""

    busyChanged = Signal(bool)
    _answered = Signal(int, object)

    def __init__(
        self,
        runner: Runner,
        teller: Teller,
        open_log: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._teller = teller
        self._open_log = open_log
        self._jobs: dict[int, _Job] = {}
        self._wanted: dict[Callable[[Any], object], _Look] = {}
        self._numbers = count(1)
        self._busy = False
        self._clock = QTimer(self)
        self._clock.setInterval(50)
        self._clock.timeout.connect(self._look)
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def idle(self) -> bool:
        """Every answer has been given."""
        return not self._jobs

    def run(
        self,
        use_case: Callable[..., T],
        /,
        *args: Any,
        then: Callable[[T], object] | None = None,
        failed: Callable[[ConsoleError], object] | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run `use_case(uow, *args, **kwargs)` and give its result to `then`.

        A ConsoleError goes to `failed` when given, else to the notice bar. Any other exception
        is logged, shown as one sentence, and then also given to `failed` as Unexpected. When
        `owner` (by default the widget whose method `then` or `failed` is) has been destroyed
        meanwhile, the answer is dropped; give it with a lambda.
        """
        job = _Job(time.monotonic(), owner or _owner_of(then) or _owner_of(failed), then, failed)
        self._start(job, lambda: self._runner.submit(use_case, *args, **kwargs))

    def read(
        self,
        query: Callable[..., T],
        /,
        *args: Any,
        then: Callable[[T], object],
        failed: Callable[[ConsoleError], object] | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Like `run`, for a query that changes nothing: it takes no write lock."""
        job = _Job(time.monotonic(), owner or _owner_of(then) or _owner_of(failed), then, failed)
        self._start(job, lambda: self._runner.submit_read(query, *args, **kwargs))

    def look(
        self,
        query: Callable[..., T],
        /,
        *args: Any,
        then: Callable[[T], object],
        failed: Callable[[ConsoleError], object] | None = None,
    ) -> None:
        """Like `read`, for what is looked at anew whenever something happens: for one `then` (a
        method of who shows it) one look is under way at a time. What is asked for meanwhile is
        one more look, at what was asked for last; an answer to something else is dropped."""
        look = _Look(query, args, then, failed)
        if any(job.look is not None and job.then == then for job in self._jobs.values()):
            self._wanted[then] = look
        else:
            self._begin(look)

    def _begin(self, look: _Look) -> None:
        owner = _owner_of(look.then)
        job = _Job(time.monotonic(), owner, look.then, look.failed, look)
        self._start(job, lambda: self._runner.submit_read(look.query, *look.args))

    def _start(self, job: _Job, submit: Callable[[], Future[T]]) -> None:
        number = next(self._numbers)
        self._jobs[number] = job
        if not self._clock.isActive():
            self._clock.start()
        try:
            future = submit()
        except RuntimeError as error:  # the executor has shut down
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._on_done(number, done))

    def _on_done(self, number: int, done: Future[Any]) -> None:
        """On the database thread: hand over, touch nothing. Of a query that is not through yet the
        next turn is asked for, behind what waits by now."""
        if not shiboken6.isValid(self):
            return
        rest = _rest_of(done)
        if rest is None:
            self._answered.emit(number, done)
            return
        try:
            further: Future[Any] = self._runner.submit_read(rest)
        except RuntimeError:  # the executor has shut down
            further = Future()
            further.cancel()
        further.add_done_callback(lambda then: self._on_done(number, then))

    @Slot(int, object)
    def _on_answered(self, number: int, done: Future[Any]) -> None:
        job = self._jobs.pop(number)
        overtaken = False
        if job.look is not None and (newer := self._wanted.pop(job.look.then, None)) is not None:
            overtaken = (newer.query, newer.args) != (job.look.query, job.look.args)
            if job.has_listener():
                self._begin(newer)
        self._look()
        if done.cancelled() or overtaken:
            return
        error = done.exception()
        if error is None:
            if job.then is not None and job.has_listener():
                job.then(done.result())
            return
        self._fail(job, error)

    def _fail(self, job: _Job, error: BaseException) -> None:
        if isinstance(error, ConsoleError):
            refusal = error
            if job.failed is None:
                self._teller.error(error.sentence)
        else:
            log.error("a use case failed", exc_info=error)
            refusal = Unexpected("Something went wrong and nothing was changed.")
            self._teller.error(
                f"{refusal.sentence} Try again; if it comes back, send the log file.",
                action=("Open log", self._open_log),
            )
        if job.failed is not None and job.has_listener():
            job.failed(refusal)

    def _look(self) -> None:
        since = time.monotonic() - BUSY_AFTER_S
        busy = any(job.begun < since for job in self._jobs.values())
        if not self._jobs:
            self._clock.stop()
        if busy != self._busy:
            self._busy = busy
            self.busyChanged.emit(busy)


def _rest_of(done: Future[Any]) -> Callable[..., Any] | None:
    from app.services.working import Further  # behind the first paint

    found = None if done.cancelled() or done.exception() is not None else done.result()
    return found.query if isinstance(found, Further) else None


def _owner_of(answer: Callable[..., object] | None) -> QObject | None:
    owner = getattr(answer, "__self__", None)
    return owner if isinstance(owner, QObject) else None
