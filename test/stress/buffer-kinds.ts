// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc, type Ownership, type Sample, type ShmProvider } from '@zenoh-segments/core';
import { webAssembly } from '../support/webassembly.js';

export type Disturbance = 'overwrite' | 'transfer' | 'resize' | 'dispose';

/** A piece of memory of one kind, and what a careless owner may do to it right after a put. */
export interface Source {
  readonly view: Uint8Array;
  /** Every way to disturb the memory that this kind knows. */
  readonly disturb: readonly Disturbance[];
  readonly apply: (how: Disturbance) => void;
}

export interface BufferKind {
  readonly name: string;
  /** Memory of `length` bytes, each of `value`. */
  readonly make: (length: number, value: number) => Source;
  /** Ownership modes that can't keep their promise for this kind, and the code that `fromSegments` refuses them with. */
  readonly refused: Partial<Record<Ownership, string>>;
  /** Retained, a local receiver gets the sender's arrays; false where it gets a copy or a reference of its own. */
  readonly shared: boolean;
  /** What happens to the memory between `fromSegments` and the put; a retained payload is then refused with this code. */
  readonly before?: { readonly how: Disturbance; readonly code: string };
  readonly empty?: true;
}

function source(view: Uint8Array, value: number, ways: Partial<Record<Disturbance, () => void>>): Source {
  view.fill(value);
  return {
    view,
    disturb: Object.keys(ways) as Disturbance[],
    apply: (how) => ways[how]?.(),
  };
}

// Nothing is left to spoil once ownership 'transfer' took the memory.
const overwrite = (view: Uint8Array) => () => {
  if (view.byteLength > 0) view.fill(0xee);
};
const transfer = (view: Uint8Array) => () => {
  if (view.byteLength > 0) structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
};

/** ES2024, which Node 20 has and the compiler's library does not name. */
type Resizable = ArrayBuffer & { resize(length: number): void };
const ResizableBuffer = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => Resizable;
const native = 'BUFFER_UNSUPPORTED';
const detached = 'BUFFER_DETACHED';

/** @param received a payload of so many bytes of a value, from the network. */
export function bufferKinds(shm: ShmProvider, received: (length: number, value: number) => Sample): BufferKind[] {
  return [
    {
      name: 'Uint8Array',
      refused: {},
      shared: true,
      make: (length, value) => {
        const view = new Uint8Array(length);
        return source(view, value, { overwrite: overwrite(view), transfer: transfer(view) });
      },
    },
    {
      name: 'a view inside a larger buffer',
      refused: {},
      shared: true,
      make: (length, value) => {
        const view = new Uint8Array(new ArrayBuffer(length + 100), 33, length);
        return source(view, value, { overwrite: overwrite(view), transfer: transfer(view) });
      },
    },
    {
      name: 'a pooled Buffer',
      refused: { transfer: native },
      shared: true,
      make: (length, value) => {
        // Pooled below half of the pool's size: the length asked for is for the other kinds.
        const view = Buffer.from(new Uint8Array(Math.min(length, 1000)));
        return source(view, value, { overwrite: overwrite(view) });
      },
    },
    {
      name: 'a resizable ArrayBuffer',
      refused: {},
      shared: true,
      make: (length, value) => {
        const buffer = new ResizableBuffer(length, { maxByteLength: length * 2 });
        const view = new Uint8Array(buffer, 0, length);
        const resize = () => {
          if (view.byteLength > 0) buffer.resize(16);
        };
        return source(view, value, { overwrite: overwrite(view), transfer: transfer(view), resize });
      },
    },
    {
      name: 'a length-tracking view',
      refused: {},
      shared: true,
      make: (length, value) => {
        const buffer = new ResizableBuffer(length, { maxByteLength: length * 2 });
        const view = new Uint8Array(buffer);
        const resize = () => {
          if (view.byteLength > 0) buffer.resize(length * 2);
        };
        return source(view, value, { overwrite: overwrite(view), resize });
      },
    },
    {
      name: 'a SharedArrayBuffer',
      refused: { transfer: native },
      shared: false,
      make: (length, value) => {
        const view = new Uint8Array(new SharedArrayBuffer(length));
        return source(view, value, { overwrite: overwrite(view) });
      },
    },
    {
      name: 'WebAssembly memory',
      refused: { transfer: native },
      shared: true,
      make: (length, value) => {
        const memory = new webAssembly.Memory({ initial: 1 });
        const view = new Uint8Array(memory.buffer, 0, length);
        return source(view, value, { overwrite: overwrite(view), resize: () => void memory.grow(1) });
      },
    },
    {
      name: 'a detached ArrayBuffer',
      refused: { retain: detached, transfer: detached, copy: detached },
      shared: false,
      make: (length, value) => {
        const made = source(new Uint8Array(length), value, {});
        transfer(made.view)();
        return made;
      },
    },
    {
      name: 'an ArrayBuffer detached before the put',
      refused: {},
      shared: true,
      before: { how: 'transfer', code: detached },
      make: (length, value) => {
        const view = new Uint8Array(length);
        return source(view, value, { transfer: transfer(view) });
      },
    },
    {
      name: 'an empty Uint8Array',
      refused: {},
      shared: true,
      empty: true,
      make: (_length, value) => source(new Uint8Array(0), value, {}),
    },
    {
      name: 'native heap memory',
      refused: { transfer: native },
      shared: false,
      make: (length, value) => {
        const buffer = alloc(length);
        return source(buffer.bytes, value, { dispose: () => buffer[Symbol.dispose]() });
      },
    },
    {
      name: 'shared memory of zenoh',
      refused: { transfer: native },
      shared: false,
      make: (length, value) => {
        const buffer = shm.alloc(length);
        return source(buffer.bytes, value, { dispose: () => buffer[Symbol.dispose]() });
      },
    },
    {
      name: 'a received view',
      refused: { transfer: native },
      shared: false,
      make: (length, value) => {
        const sample = received(length, value);
        const [view] = sample.payload().segments() as [Uint8Array];
        // Received memory is for reading, so it is not filled.
        return { view, disturb: ['dispose'], apply: () => sample[Symbol.dispose]() };
      },
    },
  ];
}
