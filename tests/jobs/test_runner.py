"""One job's life in one process: claimed by one, done once, failed, put back, given up."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from branchnet import clock
from branchnet.access.audit import record
from branchnet.batches import commands as batches
from branchnet.extensions import db, transaction
from branchnet.jobs import queries, runner, sweeping
from branchnet.jobs.kinds import KINDS, Kind, Steps, Task
from branchnet.models import AuditRecord, AuditSeal, Job, StaleFact
from tests.jobs.conftest import effects, row
from tests.support.world import World

Ask = Callable[..., int]
AT_ONCE = timedelta(seconds=-1)
pytestmark = pytest.mark.usefixtures("note_kind")


def settle() -> None:
    """Bring the world to where nothing is owed, so that a test sees its own jobs alone."""
    sweeping.sweep()
    runner.work_all()
    assert queries.counts()["waiting"] == 0


def in_threads(app: Flask, number: int, call: Callable[[], object]) -> list[object]:
    """What the call gave in so many threads that began at once."""
    gate, given = threading.Barrier(number), []

    def one() -> None:
        with app.app_context():
            gate.wait()
            given.append(call())
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_a_job_run_twice_is_done_once(ask: Ask) -> None:
    job_id = ask("note")
    runner.run(job_id)
    runner.run(job_id)
    job = row(job_id)
    assert (job.state, job.attempts, job.result, job.error) == ("done", 1, {"ran": 1}, None)
    assert job.started_at is not None
    assert job.finished_at is not None
    assert effects() == 1


def test_two_workers_on_one_row_and_one_runs_it(app: Flask, ask: Ask) -> None:
    settle()
    job_id = ask("note")
    db.session.remove()
    in_threads(app, 4, lambda: runner.run(job_id))
    assert (row(job_id).state, row(job_id).attempts, effects()) == ("done", 1, 1)


def test_a_kind_this_release_does_not_know_is_left_waiting(ask: Ask) -> None:
    settle()
    job_id = ask("from_next_year")
    runner.run(job_id)
    assert runner.work_all() == 0
    assert (row(job_id).state, row(job_id).attempts) == ("waiting", 0)


def test_what_a_failed_job_wrote_is_undone_and_its_row_tells_no_names(ask: Ask) -> None:
    job_id = ask("note", fails=1)
    runner.run(job_id)
    assert (row(job_id).state, row(job_id).error) == ("failed", "ValueError")
    assert effects() == 0


def test_a_failed_job_gets_three_attempts(ask: Ask) -> None:
    settle()
    job_id = ask("note", fails=1)
    for attempt in (1, 2, 3):
        runner.work_all()
        assert (row(job_id).state, row(job_id).attempts) == ("failed", attempt)
        sweeping.sweep()
    assert row(job_id).state == "failed"
    assert queries.counts()["trouble"] == 1
    assert [job["id"] for job in queries.unfinished()] == [job_id]


def test_a_failed_job_is_not_put_back_where_another_waits(ask: Ask) -> None:
    failed = ask("note", fails=1)
    runner.run(failed)
    later = ask("note")
    assert later != failed
    with transaction():
        same = db.session.execute(select(Job.id, Job.state, Job.attempts).where(Job.id == failed)).one()
        assert not sweeping._waits_again(same)
    sweeping.sweep()
    assert (row(failed).state, row(later).state) == ("failed", "waiting")
    runner.run(later)
    assert queries.counts()["trouble"] == 0
    assert sweeping.sweep().put_back == 0


def test_a_lost_job_gives_way_to_one_that_waits(ask: Ask) -> None:
    lost = ask("note")
    assert runner._claim(lost) is not None
    later = ask("note")
    assert sweeping.sweep(AT_ONCE).given_up == 1
    assert (row(lost).state, row(lost).error, row(later).state) == ("failed", "Superseded", "waiting")


def test_a_job_whose_worker_died_three_times_is_given_up(ask: Ask) -> None:
    settle()
    job_id = ask("note")
    for _ in range(sweeping.ATTEMPTS):
        assert row(job_id).state == "waiting"
        assert runner._claim(job_id) is not None
        sweeping.sweep(AT_ONCE)
    assert (row(job_id).state, row(job_id).error) == ("failed", "WorkerLost")


def test_a_job_that_runs_is_left_alone(ask: Ask) -> None:
    settle()
    job_id = ask("note")
    runner._claim(job_id)
    assert sweeping.sweep().put_back == 0
    assert row(job_id).state == "running"


def test_sweepers_at_once_put_a_job_back_once(app: Flask, ask: Ask) -> None:
    settle()
    job_id = ask("note")
    runner._claim(job_id)
    db.session.remove()
    swept = in_threads(app, 4, lambda: sweeping.sweep(AT_ONCE).put_back)
    assert sum(int(str(number)) for number in swept) == 1
    assert (row(job_id).state, row(job_id).attempts) == ("waiting", 1)


def test_what_an_overtaken_worker_did_does_not_count(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def given_away(task: Task) -> dict[str, int]:
        record(task.act, "test.ran", "job", None)
        # What another worker's claim does to the row while this one works.
        db.session.execute(update(Job).where(Job.kind == "slow").values(attempts=Job.attempts + 1))
        return {}

    monkeypatch.setitem(KINDS, "slow", Kind(given_away))
    job_id = ask("slow")
    runner.run(job_id)
    assert (row(job_id).state, effects()) == ("running", 0)


def test_a_long_job_commits_in_steps_and_tells_its_progress(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(task: Task) -> Steps:
        for done in (1, 2, 3):
            record(task.act, "test.ran", "job", None)
            if done == 3 and task.payload.get("fails"):
                raise ValueError
            yield done, 3
        return {"steps": 3}

    monkeypatch.setitem(KINDS, "long", Kind(long))
    broken, whole = ask("long", "a", fails=1), ask("long", "b")
    runner.run(broken)
    assert (row(broken).state, row(broken).done_units, row(broken).all_units, effects()) == ("failed", 2, 3, 2)
    runner.run(whole)
    assert (row(whole).state, row(whole).done_units, row(whole).result) == ("done", 3, {"steps": 3})


def test_facts_marked_without_a_job_are_asked_for_and_computed(world: World, on_the_road: int) -> None:
    settle()
    with transaction() as session:
        session.add(StaleFact(network_id=world.network_id, place_id=world.place_ids[0], month="2026-01"))
    assert db.session.scalars(select(Job.id).where(Job.state == "waiting")).all() == []
    assert sweeping.sweep().asked > 0
    runner.work_all()
    assert db.session.scalars(select(StaleFact.id)).all() == []


def test_facts_are_brought_up_to_the_day_once_a_day(world: World, on_the_road: int) -> None:
    day = world.begun_on + timedelta(days=1)
    with transaction():
        batches.receive(world.act, on_the_road, day)
    runner.work_all()
    of_the_day = select(Job.state, Job.subject).where(Job.kind == "catch_up")
    assert db.session.execute(of_the_day).all() == []
    sweeping.sweep()
    runner.work_all()
    assert db.session.execute(of_the_day).all() == [("done", world.act.today().isoformat())]
    assert sweeping.sweep().asked == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert sweeping.sweep().asked == 1


def test_unsealed_records_are_sealed(world: World) -> None:
    sweeping.sweep()
    runner.work_all()
    sealed = set(db.session.scalars(select(AuditSeal.audit_id)))
    assert sealed == set(db.session.scalars(select(AuditRecord.id))) != set()
    assert sweeping.sweep().asked == 0


def test_what_failed_for_good_rests_before_it_is_asked_for_again(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    settle()

    def broken(task: Task) -> dict[str, int]:
        raise ValueError

    monkeypatch.setitem(KINDS, "broken", Kind(broken, lambda: [(1, "")]))
    assert sweeping.sweep().asked == 1
    for _ in range(sweeping.ATTEMPTS):
        runner.work_all()
        assert sweeping.sweep().asked == 0
    monkeypatch.setattr(sweeping, "REST", timedelta(0))
    assert sweeping.sweep().asked == 1


def test_old_jobs_are_forgotten_once_done(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    settle()
    job_id = ask("note")
    runner.run(job_id)
    assert sweeping.sweep().forgotten == 0
    monkeypatch.setattr(sweeping, "KEEP", AT_ONCE)
    assert sweeping.sweep().forgotten > 0
    assert db.session.get(Job, job_id) is None
