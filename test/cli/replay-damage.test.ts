// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../support/sessions.js';
import { Cli, connect } from './cli.js';
import { withFolder, write } from './data.js';
import { writeMcap } from './mcap.js';
import { MESSAGES, played } from './played.js';

describe('a damaged file', () => {
  /** Four chunks. */
  const whole = (folder: string) => {
    const messages = MESSAGES.slice(0, 4).map((each) => ({ ...each, data: each.data.repeat(300) }));
    return writeMcap(`${folder}/run.mcap`, messages, { chunkSize: 100 });
  };

  test('is played up to the damage', () =>
    withFolder(async (folder) => {
      const path = await whole(folder);
      const bytes = readFileSync(path);
      const place = bytes.indexOf('"2"');
      bytes[place + 5] = (bytes[place + 5] as number) ^ 1;
      const { code, stderr, samples } = await played(['--speed', '0', write(folder, 'damaged.mcap', bytes)]);
      expect(stderr).toContain('"code":"MCAP_INVALID","message":"the file is damaged: Incorrect chunk CRC');
      expect([code, samples.length]).toEqual([1, 2]);
    }));

  test('is played up to where it ends', () =>
    withFolder(async (folder) => {
      const bytes = readFileSync(await whole(folder));
      const cut = bytes.subarray(0, bytes.indexOf('"2"') + 100);
      const { code, stderr, samples } = await played(['--speed', '0', write(folder, 'cut.mcap', cut)]);
      expect(stderr).toContain('"code":"MCAP_TRUNCATED"');
      expect([code, samples.length]).toEqual([1, 2]);
    }));

  test.each<[string, (bytes: Buffer) => Uint8Array | string, RegExp]>([
    ['is no MCAP file', () => 'hello, world', /MCAP_INVALID: '.*' is no MCAP file/],
    ['is empty', () => '', /MCAP_INVALID: '.*' is no MCAP file/],
    [
      'has a record that never ends',
      (bytes) => withLength(bytes.subarray(0, 2000), 2n ** 62n),
      /MCAP_TRUNCATED|MCAP_INVALID/,
    ],
  ])('that %s is a typed error', async (_, change, text) =>
    withFolder(async (folder) => {
      const bytes = readFileSync(await whole(folder));
      const path = write(folder, 'changed.mcap', change(bytes));
      const { code, stderr } = await Cli.run(['replay', '--speed', '0', ...connect(await freePort()), path]);
      expect(stderr).toMatch(text);
      expect(code).toBe(1);
    }),
  );

  test('with a compressed chunk that says it is huge takes no memory for it', () =>
    withFolder(async (folder) => {
      const compressChunk = (data: Uint8Array) => ({ compression: 'zstd', compressedData: data });
      const path = await writeMcap(`${folder}/bomb.mcap`, MESSAGES, { compressChunk });
      const bytes = readFileSync(path);
      // The first chunk's record: opcode and length, two times, then the size it is to have.
      const chunk = bytes.indexOf(Buffer.from([6]), 8 + 9 + bytes.readUInt32LE(9));
      bytes.writeBigUInt64LE(2n ** 40n, chunk + 9 + 16);
      const { code, stderr } = await Cli.run([
        'replay',
        ...connect(await freePort()),
        write(folder, 'bomb.mcap', bytes),
      ]);
      expect(stderr).toContain('MCAP_LIMIT: a compressed chunk of 1099511627776 bytes');
      expect(code).toBe(1);
    }));

  test('whose chunks all overlap and are huge is refused', () =>
    withFolder(async (folder) => {
      // Two in a chunk.
      const messages = [0, 10, 1, 9].map((time) => ({ topic: 'a', time, data: 'x'.repeat(50) }));
      const bytes = readFileSync(await writeMcap(`${folder}/run.mcap`, messages, { chunkSize: 120 }));
      // Sizes at the ends of the chunk indexes, and no checksum of the summary.
      const summary = Number(bytes.readBigUInt64LE(bytes.byteLength - 8 - 20));
      bytes.writeUInt32LE(0, bytes.byteLength - 8 - 4);
      for (let at = summary; bytes[at] !== 2; at += 9 + Number(bytes.readBigUInt64LE(at + 1))) {
        if (bytes[at] === 8) bytes.writeBigUInt64LE(2n ** 30n, at + 1 + Number(bytes.readBigUInt64LE(at + 1)));
      }
      const path = write(folder, 'huge.mcap', bytes);
      const { code, stderr } = await Cli.run(['replay', ...connect(await freePort()), path]);
      expect(stderr).toContain('MCAP_LIMIT: chunks that overlap in time need more than');
      expect(code).toBe(1);
    }));

  test('that is not there is an error, and so are wrong flags', async () => {
    const port = await freePort();
    const missing = await Cli.run(['replay', ...connect(port), '/nowhere.mcap']);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("INPUT: can't read '/nowhere.mcap'")]);
    for (const [flag, value, text] of [
      ['--start', 'noon', 'It must be seconds, such as 12.5, or a time'],
      ['--key-prefix', 'a//b', "'a//b' is no key expression"],
    ] as const) {
      const { code, stderr } = await Cli.run(['replay', flag, value, 'run.mcap']);
      expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
    }
  });
});

/** The header's record with another length. */
function withLength(bytes: Uint8Array, length: bigint): Uint8Array {
  const changed = Buffer.from(bytes);
  // After the header's own record.
  const next = 8 + 9 + Number(changed.readBigUInt64LE(9));
  changed.writeBigUInt64LE(length, next + 1);
  return changed;
}
