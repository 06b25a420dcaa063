# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""A Python peer's side of the protocol of bench/README.md."""

import json
import sys


def say(line: str) -> None:
    print(line, flush=True)


def total(**told) -> None:
    say("total " + json.dumps(told))


def commands():
    """Yields the harness's commands; its end, however it comes about, closes stdin."""
    say("ready")
    for line in sys.stdin:
        verb, *arguments = line.split()
        if verb == "quit":
            return
        yield verb, *map(int, arguments or "0")
