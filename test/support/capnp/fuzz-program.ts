// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** A process that reads damaged messages, as support/fuzz/worker.ts describes it. */
import { CapnpPayloadError, fromZBytes, type ReceivedMessage, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { bordersOf, Slices } from '../fuzz/slices.js';
import { corpusPath, type FuzzInput, type FuzzOutcome, fuzzInputs } from '../fuzz/worker.js';
import { type CorpusMessage, readCorpus } from './corpus.js';
import { mutated, mutatedPacked } from './mutate.js';
import { Walk } from './walk.js';

const corpus = readCorpus(corpusPath);

interface Input extends FuzzInput {
  readonly message: CorpusMessage;
  readonly root: string;
  readonly packed: boolean;
  readonly slices: Slices;
}

function inputOf(below: (below: number) => number): Input {
  const schema = corpus[below(corpus.length)]!;
  // Small ones more often.
  const message = schema[Math.min(below(schema.length), below(schema.length))]!;
  const packed = message.packed !== undefined && below(6) === 0;
  const bytes = packed
    ? mutatedPacked(message.packed!, below)
    : mutated(message.seed, schema[below(schema.length)]!.seed, below);
  const names = message.classes.names;
  // Now and then as a type that it is not.
  const root = below(10) === 0 ? names[below(names.length)]! : message.root;
  const size = [bytes.length, bytes.length, 1 + below(1 + (bytes.length >> 1)), 64, 7][below(5)]!;
  const slices = new Slices(bytes, bordersOf(bytes.length, Math.max(1, size)), below(8));
  const of = `${packed ? 'packed, ' : ''}${message.schema} as ${root}`;
  return { bytes, of, message, root, packed, slices };
}

/** What reading an input came to. */
interface Outcome extends FuzzOutcome {
  readonly walk: Walk;
  /** Unless it could not be opened. */
  readonly received?: ReceivedMessage | undefined;
}

function read({ message, root, packed, slices }: Input): Outcome {
  const walk = new Walk(message.classes);
  const type = message.classes.byName(root);
  let received: ReceivedMessage | undefined;
  try {
    walk.root(type, () => {
      received = fromZBytes(ZBytes.fromSegments(slices.slices), { packed });
      return received.getRoot(type.Class);
    });
  } catch (error) {
    return { walk, failure: `an error that is no CapnpPayloadError: ${(error as Error).stack ?? error}` };
  }
  return { walk, received, failure: slices.isUnchanged ? undefined : 'reading wrote to received memory' };
}

/** The segments of a copy; undefined if there can be none. */
function copyOf(received: ReceivedMessage): FuzzOutcome & { readonly segments?: Uint8Array[] } {
  try {
    return { segments: toSegments(received.copy()) };
  } catch (error) {
    if (error instanceof CapnpPayloadError) return {};
    return { failure: `copying ends in an error that is no CapnpPayloadError: ${(error as Error).stack ?? error}` };
  }
}

/** A copy of what can be read whole is that again, sent and received. */
function compared({ message, root }: Input, segments: readonly Uint8Array[], walk: Walk): string | undefined {
  const again = new Walk(message.classes);
  const type = message.classes.byName(root);
  const isWhole = again.root(type, () => fromZBytes(ZBytes.fromSegments(segments)).getRoot(type.Class));
  if (isWhole && again.values === walk.values) return undefined;
  return `a copy has ${again.values} values (${[...again.codes.keys()]}), what was copied ${walk.values}`;
}

fuzzInputs(inputOf, read, (trial) => {
  const { input, index } = trial;
  const { walk, received, failure } = trial.judged('reading', () => read(input));
  trial.count(walk.codes);
  if (failure !== undefined || received === undefined || index % 4 !== 0) return;
  const { segments } = trial.judged('copying', () => copyOf(received));
  if (segments === undefined || walk.codes.size > 0) return;
  const difference = compared(input, segments, walk);
  if (difference !== undefined) trial.fail(difference);
});
