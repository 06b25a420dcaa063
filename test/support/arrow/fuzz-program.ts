// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** A process that reads damaged streams, as support/fuzz/worker.ts describes it. */
import { ArrowPayloadError, decodeBatches, openHead } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { corpusPath, type FuzzOutcome, fuzzInputs } from '../fuzz/worker.js';
import { readCorpus, textOf } from './corpus.js';
import { type StreamInput, StreamInputs } from './inputs.js';
import { untouchedBatches } from './untouched.js';
import { Walk } from './walk.js';

const inputs = new StreamInputs(readCorpus(corpusPath));

/** What received data may be refused with. */
const CODES: readonly string[] = [
  'ARROW_TRUNCATED',
  'ARROW_INVALID',
  'ARROW_LIMIT',
  'ARROW_NO_SCHEMA',
  'ARROW_UNSUPPORTED_TYPE',
  'ARROW_UNSUPPORTED_FEATURE',
];

interface Outcome extends FuzzOutcome {
  readonly code?: string;
  readonly batches?: readonly RecordBatch[];
}

/** Opens an input, and reads every value of it. */
function read({ payloads, validate }: StreamInput): Outcome {
  let batches: RecordBatch[];
  try {
    const [first, bare] = payloads.map(({ slices }) => ZBytes.fromSegments(slices));
    batches =
      bare === undefined
        ? decodeBatches(first!, { validate })
        : decodeBatches(bare, { validate, head: openHead(first!, { validate }) });
  } catch (error) {
    if (error instanceof ArrowPayloadError && CODES.includes(error.code)) return { code: error.code };
    return { failure: `opening (${validate}) ends in another error: ${(error as Error).stack ?? error}` };
  }
  const walk = new Walk();
  try {
    for (const batch of batches) walk.batch(batch);
  } catch (error) {
    // Offsets of text are checked when the column is first read.
    const isOfText =
      error instanceof ArrowPayloadError && /(offsets that fall|an offset beyond 2\^53)$/.test(error.message);
    if (isOfText && validate === 'structure') return { batches, code: error.code };
    return { failure: `reading (${validate}) ends in an error: ${(error as Error).stack ?? error}` };
  }
  if (payloads.some((each) => !each.isUnchanged)) return { failure: 'reading wrote to received memory' };
  return walk.isWhole ? { batches } : { batches, code: 'bounded by the reader' };
}

/** What is wrong with values that damage can not have changed. */
function compared({ stream, bytes, damage }: StreamInput, batches: readonly RecordBatch[]): string | undefined {
  if (damage === 'cut') {
    const values = batches.map(textOf);
    const isPrefix = values.every((text, index) => text === stream.batches[index]);
    return isPrefix ? undefined : `cut to ${bytes.length} bytes it has other values: ${values}`;
  }
  for (const index of untouchedBatches(stream.seed, bytes)) {
    if (batches[index] === undefined) continue;
    const text = textOf(batches[index]);
    if (text !== stream.batches[index]) return `batch ${index}, which was not touched, changed to ${text}`;
  }
  return undefined;
}

fuzzInputs(
  (below, index) => inputs.at(below, index),
  read,
  (trial) => {
    const { batches, code } = trial.judged('reading', () => read(trial.input));
    trial.count(new Map(code === undefined ? [] : [[code, 1]]));
    const difference = batches === undefined ? undefined : compared(trial.input, batches);
    if (difference !== undefined) trial.fail(difference);
  },
);
