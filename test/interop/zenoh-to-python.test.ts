// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { CongestionControl, Encoding, Priority, ShmProvider, Timestamp, ZBytes, ZenohId } from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { hex, runSeed, sha256 } from '../support/peers-bytes.js';
import { LINKS, type PythonSample, withZenohPeer } from '../support/python-zenoh.js';
import { seededBytes } from '../support/seeded-bytes.js';

const PROGRAM = 'zenoh_peer.py';
const KEY = 'interop/to/python';
const LARGE = 5 * 1024 * 1024;
const seed = runSeed();

describe.each(LINKS)('eclipse-zenoh receives what we put, %s', (link) => {
  peerTest('python', 'bytes, and the defaults of every field', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      await session.put(KEY, Uint8Array.of(0, 1, 254, 255));
      expect(await python.call('next')).toEqual({
        key: KEY,
        kind: 'PUT',
        length: 4,
        sha256: sha256(Uint8Array.of(0, 1, 254, 255)),
        hex: '0001feff',
        encoding: 'zenoh/bytes',
        timestamp: null,
        attachment: null,
        priority: 'DATA',
        congestionControl: 'DROP',
        express: false,
        isShm: false,
      });
      await session.put(KEY, 'été');
      expect(await python.call('next')).toMatchObject({ hex: Buffer.from('été').toString('hex') });
      await session.put(KEY, new Uint8Array(0));
      expect(await python.call('next')).toMatchObject({ kind: 'PUT', length: 0 });
    }),
  );

  peerTest('python', 'segments and the segments of an attachment arrive as their concatenations', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const segments = [[1], [], [2, 3], [4, 5, 6, 7]].map((bytes) => Uint8Array.from(bytes));
      const attachment = ZBytes.fromSegments([Uint8Array.of(0xaa), new Uint8Array(0), Uint8Array.of(0xbb, 0xcc)]);
      await session.putSegments(KEY, segments, { attachment });
      expect(await python.call('next')).toMatchObject({ hex: '01020304050607', attachment: 'aabbcc' });
      attachment.assertZeroCopy();
      // An attachment that is larger than one network batch, too.
      const parts = [seededBytes(seed, 70_001), seededBytes(seed + 2, 3)];
      await session.put(KEY, 'x', {
        attachment: ZBytes.fromSegments(parts),
        congestionControl: CongestionControl.BLOCK,
      });
      const sample = await python.call<PythonSample>('next');
      expect(sha256(Buffer.from(sample.attachment ?? '', 'hex'))).toBe(sha256(...parts));
    }),
  );

  peerTest('python', '5 MiB in 1000 segments of uneven lengths', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const bytes = seededBytes(seed, LARGE);
      const segments = Array.from({ length: 1000 }, (_, i) => {
        const at = (j: number) => Math.floor(LARGE * (j / 1000) ** 2);
        return bytes.subarray(at(i), at(i + 1));
      });
      await session.putSegments(KEY, segments, { congestionControl: CongestionControl.BLOCK });
      expect(await python.call('next')).toMatchObject({ length: LARGE, sha256: sha256(bytes), isShm: false });
    }),
  );

  peerTest('python', 'every field of a put and of a delete', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const timestamp = new Timestamp(ZenohId.fromString('33'), 7_386_690_599_959_157_260n);
      const fields = {
        timestamp,
        attachment: 'note',
        express: true,
        priority: Priority.INTERACTIVE_HIGH,
        congestionControl: CongestionControl.BLOCK,
      };
      const expected = {
        timestamp: '7386690599959157260/33',
        attachment: Buffer.from('note').toString('hex'),
        express: true,
        priority: 'INTERACTIVE_HIGH',
        congestionControl: 'BLOCK',
      };
      await session.put(KEY, 'x', { ...fields, encoding: 'text/plain;utf-8' });
      expect(await python.call('next')).toMatchObject({ ...expected, kind: 'PUT', encoding: 'text/plain;utf-8' });
      await session.delete(KEY, fields);
      expect(await python.call('next')).toMatchObject({ ...expected, kind: 'DELETE', length: 0 });
      const own = new Timestamp(session.zid(), 1n);
      await session.put(KEY, 'x', { timestamp: own });
      expect(await python.call('next')).toMatchObject({ timestamp: `1/${session.zid()}` });
    }),
  );
});

peerTest('python', 'every priority, and encodings from the table, with a schema, and of our own', () =>
  withZenohPeer(PROGRAM, { link: 'tcp', listener: 'python' }, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    for (const name of ['REAL_TIME', 'INTERACTIVE_LOW', 'DATA_HIGH', 'DATA', 'DATA_LOW', 'BACKGROUND'] as const) {
      await session.put(KEY, 'x', { priority: Priority[name] });
      expect(await python.call('next')).toMatchObject({ priority: name });
    }
    const texts = ['application/json', 'video/vp9', 'zenoh/serialized;p', 'application/x-own', 'x/y;a;b', 'é'];
    for (const text of texts) {
      await session.put(KEY, 'x', { encoding: Encoding.fromString(text) });
      expect(await python.call('next')).toMatchObject({ encoding: text });
    }
  }),
);

peerTest('python', 'a publisher: its settings, its deletion, and nothing after its end', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    const publisher = await session.declarePublisher(KEY, {
      encoding: 'application/json',
      priority: Priority.DATA_HIGH,
      congestionControl: CongestionControl.BLOCK,
      express: true,
    });
    const settings = { priority: 'DATA_HIGH', congestionControl: 'BLOCK', express: true };
    await publisher.putSegments([Buffer.from('{}'), Buffer.from('\n')]);
    expect(await python.call('next')).toMatchObject({ ...settings, hex: '7b7d0a', encoding: 'application/json' });
    await publisher.put('1', { encoding: 'text/plain', attachment: 'a' });
    expect(await python.call('next')).toMatchObject({ ...settings, encoding: 'text/plain', attachment: '61' });
    await publisher.delete({ attachment: 'b' });
    expect(await python.call('next')).toMatchObject({ ...settings, kind: 'DELETE', attachment: '62' });
    await publisher.undeclare();
    await expect(publisher.put('late')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    expect(await python.call('none_queued')).toBe(true);
  }),
);

describe('chunks of our shared memory', () => {
  const bytes = seededBytes(seed, LARGE);

  peerTest('python', 'a chunk arrives in Python as shared memory, and its pool is whole again afterwards', () =>
    withZenohPeer(PROGRAM, { link: 'shm' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      // Room for two chunks, not three: the rounds below only go on when Python gave the others back.
      const pool = new ShmProvider({ size: 3 * LARGE - 1 });
      for (let round = 0; round < 8; round++) {
        using chunk = await pool.alloc(LARGE);
        chunk.bytes.set(bytes);
        chunk.bytes[0] = round;
        const payload = new ZBytes(chunk.bytes);
        await session.put(KEY, payload);
        payload.assertZeroCopy();
        const expected = { length: LARGE, sha256: sha256(chunk.bytes), isShm: true };
        expect(await python.call('next')).toMatchObject(expected);
      }
    }),
  );

  peerTest('python', 'chunks, heap memory and an attachment in one message', () =>
    withZenohPeer(PROGRAM, { link: 'shm' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const pool = new ShmProvider({ size: 2 * LARGE });
      const [first, second, note] = [await pool.alloc(5000), await pool.alloc(64), await pool.alloc(9)];
      const segments = [first.bytes, seededBytes(seed + 4, 300), second.bytes];
      first.bytes.set(seededBytes(seed + 6, 5000));
      second.bytes.fill(7);
      note.bytes.set(Buffer.from('attached!'));
      await session.putSegments(KEY, segments, { attachment: note.bytes });
      expect(await python.call('next')).toMatchObject({
        length: 5364,
        sha256: sha256(...segments),
        attachment: hex(note.bytes),
      });
    }),
  );

  peerTest('python', 'a peer without shared memory gets the bytes', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const pool = new ShmProvider({ size: 2 * LARGE });
      using chunk = await pool.alloc(LARGE);
      chunk.bytes.set(bytes);
      await session.put(KEY, chunk.bytes, { congestionControl: CongestionControl.BLOCK });
      expect(await python.call('next')).toMatchObject({ length: LARGE, sha256: sha256(bytes), isShm: false });
    }),
  );
});
