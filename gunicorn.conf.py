"""How Asetu is served. gunicorn reads this by itself where it is started beside this file.

What may differ from machine to machine comes from the environment or from .env (docs/operations.md).
"""

import os
from pathlib import Path
from threading import Event, Thread

import environ

env = environ.Env()
environ.Env.read_env(Path(__file__).parent / ".env")

wsgi_app = "crm.wsgi"
bind = env.str("BIND", default="127.0.0.1:8000")
worker_class = "gthread"
# A page is mostly Python's own work, which one process does on one core at a time.
workers = env.int("WEB_CONCURRENCY", default=min(os.cpu_count() or 1, 4))
threads = env.int("WEB_THREADS", default=4)  # crm.settings gives each of them a connection to the database

# A worker that stops answers all it has begun, within so many seconds; systemd and nginx wait a little longer.
graceful_timeout = 60
# Of a worker whose own loop stands still; a request in one of its threads may take longer.
timeout = 60
keepalive = 5  # seconds

loglevel = "warning"
accesslog = None  # who opened whose page is in the access log of the database; the web server has the rest
control_socket_disable = True


def post_worker_init(worker):
    """A thread of each worker looks every minute whether the saved figures want refreshing; one of them does it."""
    from reports.saving import keep_fresh  # noqa: PLC0415 - not before Django is set up

    worker.figures_stop = Event()
    worker.figures = Thread(target=keep_fresh, args=(worker.figures_stop,), name="figures", daemon=True)
    worker.figures.start()


def worker_exit(server, worker):
    """What it has begun it may end; whoever else comes next goes on from there."""
    if hasattr(worker, "figures"):
        worker.figures_stop.set()
        worker.figures.join(timeout=10)
