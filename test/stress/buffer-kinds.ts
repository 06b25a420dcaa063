// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc, type Ownership, type ShmProvider } from '@zenoh-segments/core';
import { webAssembly } from '../support/webassembly.js';

/** A piece of memory of one kind, and what a careless owner may do to it right after a put. */
export interface Source {
  readonly view: Uint8Array;
  /** Every way to disturb the memory that this kind knows. */
  readonly disturb: readonly Disturbance[];
}

export type Disturbance = 'overwrite' | 'transfer' | 'resize' | 'dispose';

export interface BufferKind {
  readonly name: string;
  readonly make: (length: number) => Source & { readonly apply: (how: Disturbance) => void };
  /** Ownership modes that can't keep their promise for this kind, and the code they are refused with. */
  readonly refused: Partial<Record<Ownership, string>>;
  /** Retained, a local receiver gets the sender's arrays; false where it gets a copy or a reference of its own. */
  readonly shared: boolean;
}

function source(view: Uint8Array, ways: Partial<Record<Disturbance, () => void>>): ReturnType<BufferKind['make']> {
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

export function bufferKinds(shm: ShmProvider): BufferKind[] {
  return [
    {
      name: 'Uint8Array',
      refused: {},
      shared: true,
      make: (length) => {
        const view = new Uint8Array(length);
        return source(view, { overwrite: overwrite(view), transfer: transfer(view) });
      },
    },
    {
      name: 'a view inside a larger buffer',
      refused: {},
      shared: true,
      make: (length) => {
        const view = new Uint8Array(new ArrayBuffer(length + 100), 33, length);
        return source(view, { overwrite: overwrite(view), transfer: transfer(view) });
      },
    },
    {
      name: 'a pooled Buffer',
      refused: { transfer: native },
      shared: true,
      make: (length) => {
        // Pooled below half of the pool's size: the length asked for is for the other kinds.
        const view = Buffer.from(new Uint8Array(Math.min(length, 1000)));
        return source(view, { overwrite: overwrite(view) });
      },
    },
    {
      name: 'a resizable ArrayBuffer',
      refused: {},
      shared: true,
      make: (length) => {
        const buffer = new ResizableBuffer(length, { maxByteLength: length * 2 });
        const view = new Uint8Array(buffer, 0, length);
        const resize = () => {
          if (view.byteLength > 0) buffer.resize(16);
        };
        return source(view, { overwrite: overwrite(view), transfer: transfer(view), resize });
      },
    },
    {
      name: 'a length-tracking view',
      refused: {},
      shared: true,
      make: (length) => {
        const buffer = new ResizableBuffer(length, { maxByteLength: length * 2 });
        const view = new Uint8Array(buffer);
        const resize = () => {
          if (view.byteLength > 0) buffer.resize(length * 2);
        };
        return source(view, { overwrite: overwrite(view), resize });
      },
    },
    {
      name: 'a SharedArrayBuffer',
      refused: { transfer: native },
      shared: false,
      make: (length) => {
        const view = new Uint8Array(new SharedArrayBuffer(length));
        return source(view, { overwrite: overwrite(view) });
      },
    },
    {
      name: 'WebAssembly memory',
      refused: { transfer: native },
      shared: true,
      make: (length) => {
        const memory = new webAssembly.Memory({ initial: 1 });
        const view = new Uint8Array(memory.buffer, 0, length);
        return source(view, { overwrite: overwrite(view), resize: () => void memory.grow(1) });
      },
    },
    {
      name: 'native heap memory',
      refused: { transfer: native },
      shared: false,
      make: (length) => {
        const buffer = alloc(length);
        return source(buffer.bytes, { dispose: () => buffer[Symbol.dispose]() });
      },
    },
    {
      name: 'shared memory of zenoh',
      refused: { transfer: native },
      shared: false,
      make: (length) => {
        const buffer = shm.alloc(length);
        return source(buffer.bytes, { dispose: () => buffer[Symbol.dispose]() });
      },
    },
  ];
}
