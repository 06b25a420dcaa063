// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '../zbytes/ledger.js';
import { type Slices, Views } from '../zbytes/slices.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import type { Shown, SlicedHandle } from './addon.js';
import { addon, call } from './load.js';

/**
 * The slices of a received payload that has many: 22 carry a MiB over TCP. An ArrayBuffer shows one only when its view is asked
 * for; what is gathered, native code copies at once.
 */
class NativeSlices implements Slices {
  readonly #handle: SlicedHandle;
  readonly #lengths: Uint32Array;
  readonly #ledger: Ledger;
  /** Of the slices that were asked for. */
  readonly #shown: (Shown | undefined)[] = [];
  /** All of them, once somebody asked for all. */
  #all: Views | undefined;

  constructor(handle: SlicedHandle, lengths: Uint32Array, ledger: Ledger) {
    this.#handle = handle;
    this.#lengths = lengths;
    this.#ledger = ledger;
  }

  get count(): number {
    return this.#lengths.length;
  }

  lengthOf(index: number): number {
    return this.#lengths[index] as number;
  }

  byteOffsetOf(): number {
    return 0;
  }

  view(index: number): Uint8Array {
    return this.#all?.view(index) ?? new Uint8Array(this.#show(index)[0]);
  }

  views(): readonly Uint8Array[] {
    if (this.#all === undefined) {
      this.#all = new Views(Array.from(this.#lengths, (_, index) => new Uint8Array(this.#show(index)[0])));
      // The views have all of the memory now, or copies of it.
      addon().slicedClear(this.#handle);
    }
    return this.#all.views();
  }

  copy(index: number, offset: number, out: Uint8Array): void {
    if (this.#all !== undefined) this.#all.copy(index, offset, out);
    else call((native) => native.slicedCopy(this.#handle, index, offset, out));
  }

  /** The views get length 0, and the memory goes. */
  free(): void {
    for (const shown of this.#shown) {
      if (shown !== undefined && shown[1] !== 0) addon().releaseRegion(...shown);
    }
    if (this.#all === undefined) addon().slicedClear(this.#handle);
  }

  #show(index: number): Shown {
    const known = this.#shown[index];
    if (known !== undefined) return known;
    const shown = call((native) => native.slicedShow(this.#handle, index));
    this.#shown[index] = shown;
    // 0: the runtime forbids buffers over native memory, so that this is a copy.
    if (shown[1] === 0) this.#ledger.count('external-buffers-forbidden', shown[0].byteLength);
    return shown;
  }
}

/** A payload over memory of zenoh's that comes in many slices; its dispose detaches the views there are. */
export function overSlices(handle: SlicedHandle, lengths: Uint32Array, ledger: Ledger): ZBytes {
  for (const length of lengths) ledger.carry(length);
  const slices = new NativeSlices(handle, lengths, ledger);
  return payloadAccess.over(slices, ledger, () => slices.free());
}
