// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { markAsUntransferable } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { ZBytes } from '@zenoh-segments/core';

// 9/8 of 64 KiB: blocks have this length exactly, and serve all lengths above 64 KiB up to it.
const BLOCK = 73_728;
const SHORTER = 70_000;

/** A payload of two segments, whose bytes are all `value`. */
function inTwo(length: number, value: number): ZBytes {
  const bytes = new Uint8Array(length).fill(value);
  return ZBytes.fromSegments([bytes.slice(0, 1000), bytes.slice(1000)]);
}

test('a large copy goes with its payload, and its memory serves the next', () => {
  const first = inTwo(BLOCK, 7);
  const gone = first.range(0, BLOCK);
  first[Symbol.dispose]();
  expect(gone.byteLength).toBe(0);
  const second = inTwo(SHORTER, 8);
  const view = second.range(0, SHORTER);
  expect(view.every((byte) => byte === 8)).toBe(true);
  expect(view.byteOffset).toBe(0);
  // Only memory that was used before holds sevens behind the view.
  const behind = new Uint8Array(view.buffer, SHORTER);
  expect([behind.length, behind.every((byte) => byte === 7)]).toEqual([BLOCK - SHORTER, true]);
  expect(gone.byteLength).toBe(0);
  second[Symbol.dispose]();
});

test('two payloads at a time have memory of their own, and so have two copies of one payload', () => {
  const payloads = [inTwo(BLOCK, 1), inTwo(BLOCK, 2)];
  const views = payloads.flatMap((payload) => [payload.range(0, BLOCK), payload.range(0, BLOCK), payload.toBytes()]);
  expect(new Set(views.map(({ buffer }) => buffer)).size).toBe(6);
  views.forEach((view, i) => {
    expect(view.every((byte) => byte === (i < 3 ? 1 : 2))).toBe(true);
  });
  expect(payloads.map(({ ledger }) => ledger.copiedFor('gather'))).toEqual([3 * BLOCK, 3 * BLOCK]);
  payloads[0]![Symbol.dispose]();
  expect(views.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0, BLOCK, BLOCK, BLOCK]);
  payloads[1]![Symbol.dispose]();
});

test('small copies stay', () => {
  const payload = inTwo(10_000, 3);
  const view = payload.range(0, 10_000);
  payload[Symbol.dispose]();
  expect(view.every((byte) => byte === 3)).toBe(true);
  expect(view.byteLength).toBe(10_000);
});

test('memory that its reader moved on, or that can not be moved, is not used again', () => {
  const payload = inTwo(BLOCK, 4);
  const kept = payload.range(0, BLOCK);
  markAsUntransferable(kept.buffer as ArrayBuffer);
  const taken = payload.range(0, BLOCK);
  const memory = taken.buffer as ArrayBuffer;
  const mine = structuredClone(memory, { transfer: [memory] });
  payload[Symbol.dispose]();
  const later = [5, 6, 7, 8].map((value) => inTwo(BLOCK, value));
  const views = later.map((each) => each.range(0, BLOCK));
  expect(new Uint8Array(mine).every((byte) => byte === 4)).toBe(true);
  // Where the runtime moves it all the same, it is empty.
  expect(kept.every((byte) => byte === 4)).toBe(true);
  views.forEach((view, i) => {
    expect(view.every((byte) => byte === i + 5)).toBe(true);
  });
  for (const each of later) each[Symbol.dispose]();
});

test('a joined payload whose bytes were moved on is joined again', () => {
  const payload = inTwo(BLOCK, 5);
  const first = payload.toBytes();
  const memory = first.buffer as ArrayBuffer;
  const mine = structuredClone(memory, { transfer: [memory] });
  expect(payload.toBytes().every((byte) => byte === 5)).toBe(true);
  expect([payload.toBytes().byteLength, first.byteLength, mine.byteLength]).toEqual([BLOCK, 0, BLOCK]);
  payload[Symbol.dispose]();
});
