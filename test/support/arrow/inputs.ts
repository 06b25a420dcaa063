// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MessageHeader } from 'apache-arrow';
import { bordersOf, Slices } from '../fuzz/slices.js';
import type { FuzzInput } from '../fuzz/worker.js';
import type { CorpusStream } from './corpus.js';
import { mutated } from './mutate.js';

type Below = (below: number) => number;

export interface StreamInput extends FuzzInput {
  readonly stream: CorpusStream;
  /** The stream; or, of a bare batch, its head and the batch. */
  readonly payloads: readonly Slices[];
  readonly validate: 'structure' | 'full';
  /** What happened to it; `cut` is at its end. */
  readonly damage: 'cut' | 'mutated';
}

/** Streams that are cut at each of their bytes, and how long they are at most. */
const CUT_STREAMS = 20;
const CUT_BYTES = 3000;

/** The damaged streams: first those that are cut, one at every byte, then mutated ones without end. */
export class StreamInputs {
  readonly #corpus: readonly CorpusStream[];
  readonly #cut: readonly CorpusStream[];
  /** Inputs that are cut. */
  readonly cuts: number;

  constructor(corpus: readonly CorpusStream[]) {
    this.#corpus = corpus;
    const short = corpus.filter(({ seed }) => seed.bytes.length <= CUT_BYTES);
    const step = Math.max(1, Math.floor(short.length / CUT_STREAMS));
    this.#cut = short.filter((_, index) => index % step === 0).slice(0, CUT_STREAMS);
    this.cuts = this.#cut.reduce((sum, { seed }) => sum + seed.bytes.length, 0);
  }

  /** How many streams are cut at every byte. */
  get cutStreams(): number {
    return this.#cut.length;
  }

  at(below: Below, index: number): StreamInput {
    const cut = index >= 0 && index < this.cuts;
    const stream = cut ? this.#cutAt(index).stream : this.#corpus[below(this.#corpus.length)]!;
    const bytes = cut
      ? stream.seed.bytes.slice(0, this.#cutAt(index).length)
      : mutated(stream.seed, this.#corpus[below(this.#corpus.length)]!.seed, below);
    const border = below(5) === 0 && !cut ? bareBorder(stream) : undefined;
    const parts = border === undefined ? [bytes] : [bytes.subarray(0, border), bytes.subarray(border)];
    return {
      bytes,
      of: border === undefined ? stream.name : `${stream.name}, bare from ${border} on`,
      stream,
      payloads: parts.map((part) => slicesOf(part, below)),
      validate: below(2) === 0 ? 'full' : 'structure',
      damage: cut ? 'cut' : 'mutated',
    };
  }

  #cutAt(index: number): { readonly stream: CorpusStream; readonly length: number } {
    let length = index;
    for (const stream of this.#cut) {
      if (length < stream.seed.bytes.length) return { stream, length };
      length -= stream.seed.bytes.length;
    }
    throw new Error(`there is no cut ${index}`);
  }
}

function slicesOf(bytes: Uint8Array, below: Below): Slices {
  const size = [bytes.length, bytes.length, 1 + below(1 + (bytes.length >> 1)), 64, 7][below(5)]!;
  return new Slices(bytes, bordersOf(bytes.length, Math.max(1, size)), below(8));
}

/** Where the only batch of a stream begins. */
function bareBorder({ seed }: CorpusStream): number | undefined {
  const batches = seed.messages.filter(({ kind }) => kind === MessageHeader.RecordBatch);
  return batches.length === 1 ? batches[0]!.start : undefined;
}
