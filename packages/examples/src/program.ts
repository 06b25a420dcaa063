// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout } from 'node:timers/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Config, type LedgerSnapshot, Session } from '@zenoh-segments/core';

const CONNECTION = {
  connect: { type: 'string', multiple: true },
  listen: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

const CONNECTION_HELP = `  --connect ENDPOINT   where another session listens, such as tcp/192.0.2.1:7447; repeatable
  --listen ENDPOINT    where others can connect to, such as tcp/0.0.0.0:7447; repeatable
                       (with neither, peers on this machine find each other by multicast)
  --help               this text
Ctrl-C ends it.`;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true }>>['values'];

/** What a program works with. */
export interface Work<O extends Options> {
  readonly session: Session;
  readonly values: Values<O>;
  /** Aborted by Ctrl-C: what runs without end ends then. */
  readonly signal: AbortSignal;
}

/** Arguments that make no sense; the message says what to give. */
class UsageError extends Error {}

/** A program with a session: its flags, its end by Ctrl-C, its errors, and what it copied. */
export async function program<const O extends Options>(
  help: string,
  options: O,
  run: (work: Work<O>) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  endWithReader(stop);
  try {
    const values = parsed(options);
    if (values.help) {
      console.log(`${help}\n${CONNECTION_HELP}`);
      return;
    }
    await using session = await Session.open(configOf(values));
    stopOnSignals(stop);
    await run({ session, values: values as Values<O>, signal: stop.signal });
    console.log(told(session.ledger.snapshot()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    if (error instanceof UsageError) {
      console.error('--help tells more.');
      process.exitCode = 2;
    }
  }
}

/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
function stopOnSignals(stop: AbortController): void {
  const end = () => {
    stop.abort();
    for (const name of SIGNALS) process.removeListener(name, end);
  };
  for (const name of SIGNALS) process.on(name, end);
}

/** Whoever reads the output may leave when he has enough, as `head` does: that is an end like Ctrl-C, not an error. */
function endWithReader(stop: AbortController): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      stop.abort();
    });
  }
}

/** A flag's value from 1 on, whole; `Infinity` when it is not given. */
export function count(flag: string, text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${flag} takes a whole number from 1, not '${text}'`);
}

/** `1 message`, `2 messages`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Waits, at most until Ctrl-C. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}

function parsed<O extends Options>(options: O) {
  try {
    return parseArgs({ options: { ...options, ...CONNECTION } }).values as Values<typeof CONNECTION>;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function configOf({ connect, listen }: Values<typeof CONNECTION>): Config {
  const config = new Config();
  if (connect !== undefined || listen !== undefined) {
    // The peers that are named, and no others.
    config.insertJson5('scouting/multicast/enabled', 'false');
    setEndpoints(config, 'connect', connect);
    setEndpoints(config, 'listen', listen);
  }
  return config;
}

function setEndpoints(config: Config, flag: 'connect' | 'listen', endpoints: readonly string[] = []): void {
  for (const endpoint of endpoints) {
    if (!isEndpoint(endpoint)) {
      throw new UsageError(`--${flag} takes an endpoint such as tcp/192.0.2.1:7447, not '${endpoint}'`);
    }
  }
  config.insertJson5(`${flag}/endpoints`, JSON.stringify(endpoints));
}

/** What zenoh takes for one: it does not say which of several is none. */
function isEndpoint(text: string): boolean {
  try {
    new Config().insertJson5('connect/endpoints', JSON.stringify([text]));
    return true;
  } catch {
    return false;
  }
}

function told({ carried, copied, reasons }: LedgerSnapshot): string {
  const why = Object.entries(reasons).map(([reason, bytes]) => `${reason} ${bytes.toLocaleString('en-US')}`);
  const copies =
    why.length === 0 ? 'none of them copied' : `${copied.toLocaleString('en-US')} copied: ${why.join(', ')}`;
  return `${carried.toLocaleString('en-US')} bytes carried, ${copies}`;
}
