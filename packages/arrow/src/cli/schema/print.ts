// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import { RingChannel, type Sample } from '@zenoh-segments/core';
import type { Schema } from 'apache-arrow';
import { after } from '../../after.js';
import { subscribeTable } from '../../topic/index.js';
import { CliError } from '../cli-error.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { escapeControls } from '../escape.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { isNamedAsInput } from '../input/format.js';
import { Input, type InputOptions } from '../input/input.js';
import { jsonLine } from '../json-line.js';
import { keyOf } from '../key.js';
import type { Reporter } from '../reporter.js';
import { factsOf, schemaLines } from '../schema-facts.js';
import { closeSession, openSession } from '../session.js';
import { ReaderGone, StandardOutput } from '../sub/sink.js';
import { peek } from '../watch/peek.js';

/** The arguments of `schema`. */
export interface SchemaOptions {
  /** A key expression, a path, or `-`. */
  readonly name: string;
  /** Whether it is a key expression although a file has that name. */
  readonly isKey: boolean;
  /** How to read a file. */
  readonly input: InputOptions;
  readonly connection: ConnectionOptions;
  /** Milliseconds to wait for data; may be infinite. */
  readonly duration: number;
  readonly json: boolean;
}

/** Prints one schema. */
export async function printSchema(options: SchemaOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  const { name, isKey } = options;
  if (!isKey && (name === '-' || existsSync(name))) {
    using input = await Input.open(name, options.input, signal);
    await print(options, await input.schema(), {}, signal);
    return EXIT.ok;
  }
  if (!isKey && looksLikePath(name)) {
    throw new CliError('INPUT', `can't read '${name}': there is no such file; a key of that name is given with -k`);
  }
  return firstSchema(options, reporter, signal);
}

/** No key starts with a slash, few with a dot, and wildcards are no file's. */
function looksLikePath(name: string): boolean {
  return /^[./~]/.test(name) || (isNamedAsInput(name) && !name.includes('*'));
}

/** Samples waiting here: one is enough, the rest may go. */
const QUEUE_SAMPLES = 16;

async function firstSchema(options: SchemaOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  const key = keyOf(options.name);
  const session = await openSession(configOf(options.connection), signal);
  let cancel: (() => void) | undefined;
  try {
    const subscriber = await subscribeTable(session, key, { handler: new RingChannel<Sample>(QUEUE_SAMPLES) });
    const stop = () => void subscriber.undeclare();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    cancel = after(options.duration, stop);
    reporter.ready(options.name, `waiting for a sample of '${options.name}'`);
    for await (const table of subscriber) {
      using received = table;
      const { sample } = received;
      const { schema, error } = peek(received);
      const from = sample.keyexpr().toString();
      if (schema !== undefined) {
        await print(options, schema, { key: from }, signal);
        return EXIT.ok;
      }
      reporter.warn(error.code, `skipped a sample of '${from}' (encoding ${sample.encoding()}): ${error.message}`);
    }
    if (!signal.aborted) {
      reporter.warn('NO_DATA', `no Arrow data came on '${options.name}' within ${options.duration / 1000} s`);
    }
    return EXIT.noData;
  } finally {
    cancel?.();
    await closeSession(session, signal, reporter);
  }
}

async function print(
  { json }: SchemaOptions,
  schema: Schema,
  from: { readonly key?: string },
  interrupt: AbortSignal,
): Promise<void> {
  const lines = json
    ? [jsonLine({ event: 'schema', ...from, ...factsOf(schema) })]
    : schemaLines(schema).map(escapeControls);
  try {
    await new StandardOutput(interrupt).write([`${lines.join('\n')}\n`]);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}
