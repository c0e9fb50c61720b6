"""One worker that keeps connections, with an access log that nobody keeps, as for the other applications."""
import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 1
worker_class = "gthread"
threads = 4
accesslog = "/dev/null" if os.environ.get("ACCESS_LOG") else None
