"""Gunicorn: threads for waiting on the database; one process when the worker lives in it."""

import os

embedded = not os.environ.get("REDIS_URL")
worker_class = "dgready.serving.worker.GuardedThreadWorker"  # threads never wait for a client
workers = 1 if embedded else int(os.environ.get("WEB_PROCESSES") or 2)
threads = int(os.environ.get("WEB_THREADS") or (8 if embedded else 4))
timeout = 120  # of the loop, which never waits for anybody
graceful_timeout = 30
keepalive = 5
worker_connections = 4_000  # of each process: a queue waits where its arrival is seen; at one more the idlest closes
sendfile = False
max_requests = 0 if embedded else 20_000  # a restart would cut the embedded worker's task short
max_requests_jitter = 2_000
umask = 0o077  # what it writes is for its own account
worker_tmp_dir = "/dev/shm"  # heartbeat must not wait for a disk
control_socket_disable = True
forwarder_headers = ""  # SCRIPT_NAME and PATH_INFO come from no proxy, nor from a client through one
