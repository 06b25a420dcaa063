// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * Cap'n Proto's encoding without a schema, independent of capnp-es: where the pointers of a well-formed message are, and
 * the same message laid out anew. Follows https://capnproto.org/encoding.html
 */

const KIND = { struct: 0, list: 1, far: 2, other: 3 } as const;
const POINTERS = 6;
const COMPOSITE = 7;
const ELEMENT_BITS = [0, 1, 8, 16, 32, 64, 64];

export interface Place {
  readonly segment: number;
  readonly word: number;
}

/** A pointer of a message, and what it leads to behind any far pointers. */
export interface Found {
  readonly at: Place;
  readonly target: Target;
}

interface Target extends Place {
  /** The word that tells kind and size: at the pointer itself, in a landing pad or after one. */
  readonly low: number;
  readonly high: number;
}

export function segmentsOf(framed: Uint8Array): DataView[] {
  const words = viewOf(framed);
  const count = words.getUint32(0, true) + 1;
  let at = headerBytes(count);
  return Array.from({ length: count }, (_, i) => {
    const length = words.getUint32(4 + 4 * i, true) * 8;
    const segment = new DataView(framed.buffer, framed.byteOffset + at, length);
    at += length;
    return segment;
  });
}

export function framed(segments: readonly Uint8Array[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(headerBytes(segments.length)));
  header.setUint32(0, segments.length - 1, true);
  segments.forEach((segment, i) => {
    header.setUint32(4 + 4 * i, segment.length / 8, true);
  });
  return Uint8Array.from(Buffer.concat([new Uint8Array(header.buffer), ...segments]));
}

/** Every pointer that is not null, parents before what they hold. */
export function pointersOf(message: Uint8Array): Found[] {
  const segments = segmentsOf(message);
  const pointers: Found[] = [];
  const open: Place[] = [{ segment: 0, word: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const target = follow(segments, at);
    if (target === undefined) continue;
    pointers.push({ at, target });
    open.push(...inner(segments, target));
  }
  return pointers;
}

/** The same content in other segments: near, far and double far pointers, backward ones too, and gaps, at random. */
export function relaid(message: Uint8Array, below: (below: number) => number, mostSegments = 8): Uint8Array {
  const source = segmentsOf(message);
  const out = new Out(below, mostSegments);
  const root = out.allocate(0, 1);
  const open = [{ from: { segment: 0, word: 0 }, to: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const target = follow(source, next.from);
    if (target === undefined) continue;
    const words = wordsOf(target);
    const start = out.allocate(words === 0 ? next.to.segment : undefined, words);
    for (let i = 0; i < words; i++) out.copy(start.segment, start.word + i, source[target.segment]!, target.word + i);
    for (const place of inner(source, target)) {
      const to = { segment: start.segment, word: start.word + place.word - target.word };
      out.set(to.segment, to.word, 0, 0);
      open.push({ from: place, to });
    }
    out.point(next.to, start, target, words === 0);
  }
  if (below(4) === 0) out.segments.push([]);
  return framed(out.segments.map((words) => new Uint8Array(Uint32Array.from(words).buffer)));
}

class Out {
  /** Each a list of half words. */
  readonly segments: number[][] = [[]];
  readonly #below: (below: number) => number;
  readonly #most: number;

  constructor(below: (below: number) => number, most: number) {
    this.#below = below;
    this.#most = most;
  }

  /** At the end of that segment, or of any. */
  allocate(segment: number | undefined, words: number): Place {
    let id = segment ?? this.#below(this.segments.length + 1);
    if (id === this.#most) id = this.#below(this.#most);
    if (id === this.segments.length) this.segments.push([]);
    const memory = this.segments[id]!;
    // A gap, except before the root pointer.
    if (memory.length > 0 && this.#below(8) === 0) memory.push(0, 0);
    const word = memory.length / 2;
    for (let i = 0; i < words; i++) memory.push(0, 0);
    return { segment: id, word };
  }

  copy(segment: number, word: number, from: DataView, fromWord: number): void {
    this.set(segment, word, from.getUint32(fromWord * 8, true), from.getUint32(fromWord * 8 + 4, true));
  }

  set(segment: number, word: number, low: number, high: number): void {
    this.segments[segment]![2 * word] = low >>> 0;
    this.segments[segment]![2 * word + 1] = high >>> 0;
  }

  point(from: Place, to: Place, { low, high }: Target, isEmpty: boolean): void {
    const kind = low & 3;
    // An empty struct points at itself: with offset 0 it would be null.
    if (isEmpty && kind === KIND.struct) this.set(from.segment, from.word, -4, high);
    else if (from.segment === to.segment && (isEmpty || this.#below(8) > 0)) {
      this.set(from.segment, from.word, ((to.word - from.word - 1) << 2) | kind, high);
    } else if (this.#below(2) === 0) {
      const pad = this.allocate(to.segment, 1);
      this.set(pad.segment, pad.word, ((to.word - pad.word - 1) << 2) | kind, high);
      this.set(from.segment, from.word, (pad.word << 3) | KIND.far, pad.segment);
    } else {
      const pad = this.allocate(undefined, 2);
      this.set(pad.segment, pad.word, (to.word << 3) | KIND.far, to.segment);
      this.set(pad.segment, pad.word + 1, kind, high);
      this.set(from.segment, from.word, (pad.word << 3) | 4 | KIND.far, pad.segment);
    }
  }
}

function follow(segments: readonly DataView[], at: Place): Target | undefined {
  const { low, high } = read(segments, at);
  if (low === 0 && high === 0) return undefined;
  if ((low & 3) !== KIND.far) return { segment: at.segment, word: at.word + 1 + (low >> 2), low, high };
  const pad = { segment: high, word: low >>> 3 };
  if ((low & 4) === 0) return follow(segments, pad);
  const far = read(segments, pad);
  const tag = read(segments, { segment: high, word: pad.word + 1 });
  return { segment: far.high, word: far.low >>> 3, ...tag };
}

function read(segments: readonly DataView[], { segment, word }: Place): { low: number; high: number } {
  const memory = segments[segment]!;
  return { low: memory.getInt32(word * 8, true), high: memory.getUint32(word * 8 + 4, true) };
}

/** The words that a struct or list takes, a list's tag included. */
function wordsOf({ low, high }: Target): number {
  if ((low & 3) === KIND.struct) return (high & 0xffff) + (high >>> 16);
  if ((low & 3) !== KIND.list) throw new Error('a capability, which these messages do not have');
  const size = high & 7;
  const count = high >>> 3;
  return size === COMPOSITE ? count + 1 : Math.ceil((count * ELEMENT_BITS[size]!) / 64);
}

/** The places of the pointers in a struct or list. */
function inner(segments: readonly DataView[], target: Target): Place[] {
  const { segment, word, low, high } = target;
  const from = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ segment, word: first + i }));
  if ((low & 3) === KIND.struct) return from(word + (high & 0xffff), high >>> 16);
  const size = high & 7;
  if (size === POINTERS) return from(word, high >>> 3);
  if (size !== COMPOSITE) return [];
  const tag = read(segments, target);
  const data = tag.high & 0xffff;
  const pointers = tag.high >>> 16;
  const places: Place[] = [];
  for (let i = 0; i < tag.low >> 2; i++) places.push(...from(word + 1 + i * (data + pointers) + data, pointers));
  return places;
}

export function headerBytes(count: number): number {
  return (4 + 4 * count + 7) & ~7;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
