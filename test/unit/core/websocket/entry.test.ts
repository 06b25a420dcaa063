// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import * as native from '@zenoh-segments/core';
import * as remote from '@zenoh-segments/core/websocket';

describe('the entry for browsers', () => {
  test('has every name of the native one, and the very same classes but for the config', () => {
    expect(Object.keys(remote).sort()).toEqual(Object.keys(native).sort());
    const theirs = new Map(Object.entries(remote));
    const other = Object.entries(native).flatMap(([name, value]) => (theirs.get(name) === value ? [] : [name]));
    expect(other.sort()).toEqual([
      'Config',
      'ShmProvider',
      'ShmRecycler',
      'alloc',
      'cleanupOrphanedShmSegments',
      'diagnoseShm',
      'handOver',
      'heap',
      'takeOver',
    ]);
  });

  test('refuses what needs native code, by its code', async () => {
    const refused = (code: string) => ({ code, message: expect.stringContaining('needs the native addon') });
    expect(() => new remote.ShmProvider({ size: 1 })).toThrow(expect.objectContaining(refused('SHM_UNAVAILABLE')));
    expect(() => remote.handOver(new remote.ZBytes('x'))).toThrow(expect.objectContaining(refused('UNSUPPORTED')));
    expect(() => remote.takeOver(undefined as never)).toThrow(expect.objectContaining(refused('UNSUPPORTED')));
    await expect(remote.diagnoseShm()).rejects.toMatchObject(refused('UNSUPPORTED'));
    await expect(remote.cleanupOrphanedShmSegments()).rejects.toMatchObject(refused('UNSUPPORTED'));
  });

  test('allocates ordinary memory, given back by dispose', () => {
    const memory = remote.heap.alloc(100, { alignment: 64 });
    expect(memory).toMatchObject({ kind: 'heap', size: 100, alignment: 8 });
    expect([...memory.bytes]).toEqual(Array(100).fill(0));
    memory[Symbol.dispose]();
    memory[Symbol.dispose]();
    expect(memory.bytes.byteLength).toBe(0);
    for (const [size, alignment] of [
      [0, 8],
      [1.5, 8],
      [1, 3],
      [1, 0],
    ] as const) {
      expect(() => remote.alloc(size, { alignment })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    }
  });
});

test('a locator for the native config is told where it belongs', () => {
  expect(() => new native.Config('ws/127.0.0.1:1' as never)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('belongs to the Config of `@zenoh-segments/core/websocket`'),
    }),
  );
});
