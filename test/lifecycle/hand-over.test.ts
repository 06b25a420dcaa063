// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

// Payloads between the threads of one process; test/unit/core/hand-over.test.ts has what one thread can show.

async function seen(mode: string): Promise<unknown> {
  const { code, stdout, stderr } = await program(import.meta.url, 'hand-over', [mode, `${await freePort()}`]).ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('native memory is shared by reference, there and back; JavaScript memory was copied once, by the first sender', async () => {
  expect(await seen('share')).toEqual({
    length: 999_002,
    copied: 0,
    regions: 2,
    seen: [77, 77, 78, 6],
    again: 'HAND_OVER_UNKNOWN',
    sent: { 'hand-over': 2 },
    after: 1,
    waiting: 0,
  });
});

test('a received payload outlives its dispose in the thread that received it', async () => {
  expect(await seen('received')).toEqual({
    sum: 600_000,
    segments: expect.any(Number),
    copied: 0,
    sameSegments: true,
    waiting: 0,
  });
});

test('a chunk of shared memory goes by descriptor from the session of the thread that took it over', async () => {
  expect(await seen('shm')).toEqual({ pool: 2_000_000, isShm: true, length: 1_000_000, byte: 4 });
});

test('a receiver terminated before it took over: the sender takes the payload back', async () => {
  expect(await seen('receiverGone')).toEqual({ before: 1, text: 'kept', waiting: 0 });
});

test('what a thread handed over ends with it', async () => {
  const gone = { before: 1, after: 0, refusal: 'HAND_OVER_UNKNOWN' };
  expect(await seen('senderGone')).toEqual({ results: [gone, gone] });
});
