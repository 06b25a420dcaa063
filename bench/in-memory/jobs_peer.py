# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""The Python side of in-memory/peer.mjs: a job is a function of the size that gives what is timed, and how its result is summed."""
import json
import statistics
import sys
import time
import timeit


def measured(job, seconds):
    """Microseconds of CPU time, the median of ten samples, and the sum of what a last run gave."""
    run, total = job
    timer = timeit.Timer(run, timer=time.process_time)
    number = 1
    while (elapsed := timer.timeit(number)) < seconds / 10 and number < 1_000_000:
        number = max(2 * number, int(number * seconds / 10 / max(elapsed, 1e-9)))
    samples = timer.repeat(10 if elapsed < seconds else 3, number)
    return {"us": statistics.median(samples) / number * 1e6, "sum": total(run())}


def serve(jobs):
    current = None
    print("ready", flush=True)
    for line in sys.stdin:
        verb, _, text = line.strip().partition(" ")
        if verb == "quit":
            return
        request = json.loads(text)
        try:
            of = request["row"], request["size"]
            if current is None or current[0] != of:
                current = of, jobs[request["row"]](request["size"])
            answer = measured(current[1], request["seconds"])
        except Exception as error:  # it becomes a row of the table
            answer = {"failure": f"{type(error).__name__}: {error}"}
        print("measured " + json.dumps(answer), flush=True)
