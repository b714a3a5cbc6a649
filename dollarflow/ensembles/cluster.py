"""A Dask cluster whose workers solve chunks: lost workers are replaced by others, a lost cluster is said."""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Iterator, Sequence
from typing import Any

from dollarflow.ensembles.chunks import Chunk, solve_packed
from dollarflow.ensembles.members import Members
from dollarflow.errors import BadInput, Failed

AHEAD = 2
"""Chunks sent to a cluster beyond those that its threads work on."""
CONNECT_SECONDS = 10
RETRIES = 5
"""Times that a chunk is tried again after its worker was lost."""
LOST_SECONDS = 60
"""How long a cluster may be without any worker."""
LOOK_SECONDS = 0.02
RESUMABLE = "what is finished is in the store and can be continued with --resume"


def connect(address: str) -> Any:
    """A client of a Dask scheduler that has workers.

    Raises
    ------
    BadInput
        Dask is not installed, no scheduler answers, or it has no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadInput("--scheduler needs the extra 'ensemble': pip install 'dollarflow[ensemble]'") from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput(f"--scheduler {address}: no Dask scheduler answers ({_first_line(error)})") from None
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise BadInput(f"--scheduler {address}: it has no worker; start one with: dask worker {address}") from None
    return client


def on_cluster(members: Members, spans: Sequence[tuple[int, int]], keep: tuple[str, ...], client: Any) -> Iterator[Chunk]:
    """Chunks solved by a cluster's workers, in the order in which they finish; a lost worker's chunks go to others.

    Raises
    ------
    Failed
        The scheduler or every worker was lost, or workers cannot do the work.
    """
    from distributed import CancelledError, as_completed

    packed = pickle.dumps(members)
    waiting = iter(spans)

    def send() -> list[Any]:
        span = next(waiting, None)
        return [] if span is None else [client.submit(solve_packed, packed, *span, keep, pure=False, retries=RETRIES)]

    threads = sum(client.nthreads().values())
    arriving = as_completed([f for _ in range(max(threads, 1) + AHEAD) for f in send()])
    while arriving.count():
        _wait(arriving, client)
        future = next(arriving)
        try:
            found = future.result()
        except CancelledError as error:
            raise Failed(f"dollarflow: the scheduler was lost; {RESUMABLE}") from error
        except Exception as error:
            raise Failed(
                f"dollarflow: a worker of the cluster failed: {type(error).__name__}: {_first_line(error)}; {RESUMABLE}"
            ) from error
        future.release()
        for following in send():
            arriving.add(following)
        yield found


def _wait(arriving: Any, client: Any) -> None:
    """Returns when a chunk has arrived.

    Raises
    ------
    Failed
        No worker is left for :data:`LOST_SECONDS`.
    """
    seen = time.monotonic()
    while not arriving.has_ready():
        time.sleep(LOOK_SECONDS)
        now = time.monotonic()
        if now - seen > LOST_SECONDS / 2 and client.status == "running" and client.nthreads():
            seen = now
        elif now - seen > LOST_SECONDS:
            raise Failed(f"dollarflow: the cluster has had no worker for {LOST_SECONDS} s; {RESUMABLE}")


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
