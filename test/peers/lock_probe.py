# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Looks whether anybody uses a file, as zenoh does when it starts, but slowly: each exclusive lock it gets stays a while."""
import fcntl
import os
import sys
import time

HOLD_SECONDS = 0.05
PAUSE_SECONDS = 0.01


def probe(path):
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(HOLD_SECONDS)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        time.sleep(PAUSE_SECONDS)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)
    return True


print("probing", flush=True)
# Ends with the test that reads its output, at the latest.
while sys.stdout.write(".") and any([probe(path) for path in sys.argv[1:]]):
    sys.stdout.flush()
