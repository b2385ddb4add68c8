"""Work of several callers is shared out fairly, keeps its order, and ends with the first error."""

import threading

import pytest

from knowledge.models.pool import WorkerPool, shared_pool


def test_results_keep_the_order_and_long_ones_are_begun_first():
    begun = []

    def work(text):
        begun.append(text)
        return text.upper()

    texts = ["aa", "b", "cccc", "ddd"]
    assert WorkerPool(1).map(work, texts, cost=len) == ["AA", "B", "CCCC", "DDD"]
    assert begun == ["cccc", "ddd", "aa", "b"]
    begun.clear()
    assert WorkerPool(1).map(work, texts) == ["AA", "B", "CCCC", "DDD"]
    assert begun == texts


def test_one_item_is_done_in_the_calling_thread_and_no_item_costs_nothing():
    pool = WorkerPool(2)
    assert pool.map(lambda _: threading.current_thread(), [1]) == [threading.current_thread()]
    assert pool.map(lambda _: threading.current_thread(), []) == []
    assert threading.current_thread() not in pool.map(lambda _: threading.current_thread(), [1, 2, 3])


def test_a_caller_that_helps_out_does_its_items_itself_while_the_pool_is_busy():
    pool, gate, started = WorkerPool(1), threading.Event(), threading.Event()

    def block(_):
        started.set()
        assert gate.wait(10)

    busy = threading.Thread(target=pool.map, args=(block, [1, 2]))
    busy.start()
    assert started.wait(10)
    # The only worker is held: nobody but this thread can do these.
    own = threading.current_thread()
    assert pool.map(lambda _: threading.current_thread(), [1, 2], help_out=True) == [own, own]
    gate.set()
    busy.join(10)


def test_a_caller_that_helps_out_hears_of_the_pools_errors():
    def work(item):
        if item == 2:
            raise ValueError(item)
        return item

    with pytest.raises(ValueError, match="2"):
        WorkerPool(1).map(work, [1, 2], help_out=True)


def test_a_short_call_does_not_wait_for_a_long_one_that_came_first():
    pool, done, gate, started = WorkerPool(1), [], threading.Event(), threading.Event()

    def work(item):
        started.set()
        assert gate.wait(10)
        done.append(item)

    long = threading.Thread(target=pool.map, args=(work, [("long", n) for n in range(50)]))
    long.start()
    assert started.wait(10)
    short = threading.Thread(target=pool.map, args=(work, [("short", n) for n in range(3)]))
    short.start()
    while len(pool._waiting) < 2:
        pass
    gate.set()
    short.join(10)
    long.join(10)
    assert len(done) == 53
    # Turn by turn: each of the short call's items waited for one or two of the long one's.
    assert max(done.index(("short", n)) for n in range(3)) <= 7


def test_many_callers_at_once_each_get_their_own():
    pool, got = WorkerPool(3), {}

    def ask(number):
        got[number] = pool.map(lambda item: (number, item), list(range(number % 7)))

    callers = [threading.Thread(target=ask, args=(n,)) for n in range(60)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(10)
    assert got == {n: [(n, item) for item in range(n % 7)] for n in range(60)}


def test_an_error_is_raised_nothing_more_is_begun_and_others_go_on():
    pool, begun = WorkerPool(1), []

    def broken(item):
        begun.append(item)
        raise ValueError(f"item {item}")

    with pytest.raises(ValueError, match="item 0"):
        pool.map(broken, list(range(100)))
    assert begun == [0]
    assert pool.map(str, [1, 2, 3]) == ["1", "2", "3"]


def test_a_call_from_within_the_pool_does_not_wait_for_itself():
    pool = WorkerPool(1)
    assert pool.map(lambda n: pool.map(lambda m: n * m, [1, 2, 3]), [1, 10]) == [[1, 2, 3], [10, 20, 30]]


def test_all_models_share_one_pool():
    assert shared_pool() is shared_pool()


def test_a_thread_of_the_pool_works_while_the_caller_does_something_else():
    pool = WorkerPool(1)
    begun, go_on = threading.Event(), threading.Event()

    def in_pool():
        begun.set()
        assert go_on.wait(5)
        return threading.current_thread().name

    def here():
        assert begun.wait(5)
        go_on.set()
        return threading.current_thread()

    name, own = pool.run_both(in_pool, here)
    assert name.startswith("model")
    assert own is threading.current_thread()


def test_where_no_thread_is_free_the_caller_does_both():
    pool, started, go_on = WorkerPool(1), threading.Event(), threading.Event()

    def block():
        started.set()
        assert go_on.wait(5)

    busy = threading.Thread(target=pool.run_both, args=(block, lambda: None))
    busy.start()
    assert started.wait(5)
    own = threading.current_thread()
    assert pool.run_both(threading.current_thread, threading.current_thread) == (own, own)
    # What fails meanwhile lets the other not begin any more.
    with pytest.raises(ZeroDivisionError):
        pool.run_both(lambda: pytest.fail("the caller failed first"), lambda: 1 / 0)
    go_on.set()
    busy.join(5)
    with pytest.raises(ZeroDivisionError):
        pool.run_both(lambda: 1 / 0, lambda: None)
    # From within the pool nothing is waited for: it could be itself.
    within = pool.map(lambda _: pool.run_both(threading.current_thread, threading.current_thread), range(2))
    assert all(one is other for one, other in within)
