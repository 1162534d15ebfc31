"""How gunicorn serves BranchNet: sync workers, no state in the web process.

Environment: `PORT` (8000), `HOST` (127.0.0.1), `WEB_CONCURRENCY` (2 workers), `ACCESS_LOG` (a file, or `-`).
"""

import os
from pathlib import Path

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "wsgi:app"

# Sync, not threads: on SQLite the slowest 1 % of writes waited ten times longer with threads.
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# Seconds. An annual report takes a few; a list of 100,000 lines goes to the queue.
timeout = 60
graceful_timeout = 20
keepalive = 5

# A fresh process now and then; the jitter keeps the workers from restarting together.
max_requests = 5000
max_requests_jitter = 500

# The heartbeat file must not lie on a slow disk: a worker that waits for it is killed as hung.
memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file of its own in it, with a random name
worker_tmp_dir = str(memory) if memory.is_dir() else None

# Addresses hold what people looked for: access is logged only where the operator says where to.
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
