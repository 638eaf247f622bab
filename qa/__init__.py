"""A question to an answer, and how good the answers are. Reads an index through `index` only."""

import os

# Before numpy is imported: a question is small work for one thread, and questions are answered
# side by side. Threads inside each would only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
