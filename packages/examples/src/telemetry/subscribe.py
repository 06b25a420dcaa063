# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Reads what robots publish, in Python: pip install eclipse-zenoh pycapnp"""
import argparse
import json
import os
import pathlib
import sys
import threading

import capnp
import zenoh

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = capnp.load(
    str(HERE / "telemetry.capnp"),
    # Where zenoh.capnp is; from npm it is in node_modules/@zenoh-segments/capnp.
    imports=[str(HERE / "../../../capnp")],
)
ENCODING = f"application/x-capnp;0x{SCHEMA.Telemetry.schema.node.id:016x}"


def arguments():
    parser = argparse.ArgumentParser(description="Prints what robots publish. Ctrl-C ends it.")
    parser.add_argument("--robot", default="*", metavar="NAME", help="one of them; all unless given")
    parser.add_argument("--count", type=int, metavar="N", help="ends after as many messages")
    parser.add_argument("--connect", action="append", metavar="ENDPOINT", help="such as tcp/192.0.2.1:7447; repeatable")
    parser.add_argument("--listen", action="append", metavar="ENDPOINT", help="such as tcp/0.0.0.0:7447; repeatable")
    args = parser.parse_args()
    if args.count is not None and args.count < 1:
        parser.error(f"--count takes a whole number from 1, not '{args.count}'")
    for flag in ("connect", "listen"):
        for endpoint in getattr(args, flag) or []:
            if not is_endpoint(endpoint):
                parser.error(f"--{flag} takes an endpoint such as tcp/192.0.2.1:7447, not '{endpoint}'")
    return args


def is_endpoint(text):
    try:
        zenoh.Config().insert_json5("connect/endpoints", json.dumps([text]))
        return True
    except zenoh.ZError:
        return False


def config_of(args):
    config = zenoh.Config()
    if args.connect or args.listen:
        config.insert_json5("scouting/multicast/enabled", "false")
        config.insert_json5("connect/endpoints", json.dumps(args.connect or []))
        config.insert_json5("listen/endpoints", json.dumps(args.listen or []))
    return config


def show(sample):
    robot = str(sample.key_expr).split("/")[1]
    if str(sample.encoding) != ENCODING:
        print(f"{sample.key_expr}: {sample.encoding} instead of {ENCODING}", file=sys.stderr)
        return
    with SCHEMA.Telemetry.from_bytes(sample.payload.to_bytes()) as message:
        state = "charging" if message.mode == "charging" else f"{message.speed:.2f} m/s"
        print(
            f"{robot} #{message.sequence}: {state}, battery {message.battery:.1f} %, "
            f"{message.temperature:.1f} °C, nearest wall at {min(message.distances):.2f} m",
            flush=True,
        )


def main():
    args = arguments()
    done = threading.Event()
    received = 0

    def on_sample(sample):
        nonlocal received
        if done.is_set():
            return
        try:
            show(sample)
        except BrokenPipeError:
            done.set()
            return
        received += 1
        if received == args.count:
            done.set()

    with zenoh.open(config_of(args)) as session:
        subscriber = session.declare_subscriber(f"fleet/{args.robot}/telemetry", on_sample)
        try:
            print(f"subscribed to {subscriber.key_expr}", flush=True)
            done.wait()
        except KeyboardInterrupt:
            pass
    print(f"{received} message{'' if received == 1 else 's'} received", flush=True)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # Whoever reads the output has enough of it, as `head`: what is left to say goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
