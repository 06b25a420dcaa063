# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Requests and answers as JSON lines over standard input and output: the protocol of test/support/python.ts."""
import json
import sys
import traceback


def serve(operations):
    """Calls `operations.<op>(**arguments)` for each request {"id", "op", "arguments"}, and `close()` when the input ends.

    The first line out is {"ready": true}; then one line for each request: {"id", "result"} or {"id", "error"}.
    """
    answers = sys.stdout
    # Whatever else is printed must not land between the answers.
    sys.stdout = sys.stderr
    send(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = getattr(operations, request["op"])(**request["arguments"])
            send(answers, {"id": request["id"], "result": result})
        except Exception as error:  # the caller decides whether it is expected
            traceback.print_exc()
            send(answers, {"id": request["id"], "error": f"{type(error).__name__}: {error}"})
    operations.close()


def send(stream, message):
    stream.write(json.dumps(message) + "\n")
    stream.flush()
