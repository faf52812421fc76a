"""Gunicorn: threads for waiting on the database; one process when the worker lives in it."""

import os

embedded = not os.environ.get("REDIS_URL")
worker_class = "gthread"
workers = 1 if embedded else int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8" if embedded else "4"))
timeout = 120  # a 50 MB file over a slow line
graceful_timeout = 30
keepalive = 5
max_requests = 0 if embedded else 20_000  # a restart would cut the embedded worker's task short
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm"  # heartbeat must not wait for a disk
control_socket_disable = True
