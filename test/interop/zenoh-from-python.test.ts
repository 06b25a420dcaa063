// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { CongestionControl, Priority, type Sample, SampleKind } from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { hex, runSeed, sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { LINKS, type PythonPut, withZenohPeer } from '../support/python-zenoh.js';
import { HANG_MS } from '../support/until.js';

const PROGRAM = 'zenoh_peer.py';
const KEY = 'interop/from/python';
const LARGE = 5 * 1024 * 1024;
const seed = runSeed();

/** A sample as plain values. */
function told(sample: Sample) {
  return {
    key: sample.keyexpr().toString(),
    kind: SampleKind[sample.kind()],
    payload: hex(sample.payload().toBytes()),
    encoding: sample.encoding().toString(),
    timestamp: sample.timestamp()?.toString(),
    attachment: sample.attachment()?.toString(),
    priority: sample.priority(),
    congestionControl: sample.congestionControl(),
    express: sample.express(),
    isShm: sample.isShm(),
  };
}

describe.each(LINKS)('we receive what eclipse-zenoh puts, %s', (link) => {
  peerTest('python', 'bytes, and the defaults of every field', () =>
    withZenohPeer(PROGRAM, { link, listener: 'python' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, 'interop/**');
      await python.call('put', { key: KEY, payload: '0001feff' });
      expect(told(await inbox.next())).toEqual({
        key: KEY,
        kind: 'PUT',
        payload: '0001feff',
        encoding: 'zenoh/bytes',
        timestamp: undefined,
        attachment: undefined,
        priority: Priority.DATA,
        congestionControl: CongestionControl.DROP,
        express: false,
        isShm: false,
      });
      await python.call('put', { key: KEY, payload: '' });
      expect(told(await inbox.next())).toMatchObject({ kind: 'PUT', payload: '' });
    }),
  );

  peerTest('python', 'every field of a put and of a delete', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      // A short id, and one of full length.
      for (const id of ['33', '3b08e2e66237a150353a376112b160e7']) {
        const fields = {
          attachment: Buffer.from('été').toString('hex'),
          priority: 'REAL_TIME',
          congestionControl: 'BLOCK',
          express: true,
          timestamp: [1_719_841_872, 129_693_000, id],
        };
        const expected = {
          attachment: 'été',
          priority: Priority.REAL_TIME,
          congestionControl: CongestionControl.BLOCK,
          express: true,
        };
        const encoding = 'text/plain;utf-8';
        const put = await python.call<PythonPut>('put', { key: KEY, payload: '78', fields: { ...fields, encoding } });
        const sample = await inbox.next();
        expect(told(sample)).toMatchObject({
          ...expected,
          kind: 'PUT',
          payload: '78',
          encoding,
          timestamp: put.timestamp,
        });
        expect(sample.timestamp()?.getId().toString()).toBe(id);
        expect(sample.timestamp()?.asDate().toISOString()).toBe('2024-07-01T13:51:12.129Z');
        await python.call('delete', { key: KEY, fields });
        expect(told(await inbox.next())).toMatchObject({
          ...expected,
          kind: 'DELETE',
          payload: '',
          timestamp: put.timestamp,
        });
      }
    }),
  );

  peerTest('python', '5 MiB that outlive the next samples, the subscriber and the session', async () => {
    const kept: { readonly payload: readonly Uint8Array[]; readonly sha256: string }[] = [];
    await withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      for (let round = 0; round < 3; round++) {
        const large = { seed: seed + round, length: LARGE };
        const put = await python.call<PythonPut>('put', { key: KEY, large, fields: { congestionControl: 'BLOCK' } });
        const payload = (await inbox.next()).payload();
        expect(payload.length).toBe(LARGE);
        payload.assertZeroCopy();
        kept.push({ payload: payload.segments(), sha256: put.sha256 });
      }
    });
    for (const { payload, sha256: expected } of kept) expect(sha256(...payload)).toBe(expected);
  });
});

peerTest('python', 'every priority, and encodings from the table, with a schema, and of their own', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
    const inbox = await Inbox.on(session, KEY);
    for (const name of [
      'INTERACTIVE_HIGH',
      'INTERACTIVE_LOW',
      'DATA_HIGH',
      'DATA',
      'DATA_LOW',
      'BACKGROUND',
    ] as const) {
      await python.call('put', { key: KEY, payload: '00', fields: { priority: name } });
      expect((await inbox.next()).priority()).toBe(Priority[name]);
    }
    for (const encoding of [
      'application/json',
      'video/vp9',
      'zenoh/serialized;p',
      'application/x-own',
      'x/y;a;b',
      'é',
    ]) {
      await python.call('put', { key: KEY, payload: '00', fields: { encoding } });
      expect((await inbox.next()).encoding().toString()).toBe(encoding);
    }
  }),
);

describe("chunks of Python's shared memory", () => {
  peerTest('python', '5 MiB are received as one view, without a copy; disposed, the view is empty', () =>
    withZenohPeer(PROGRAM, { link: 'shm' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      const put = await python.call<PythonPut>('put', { key: KEY, large: { seed, length: LARGE }, as_shm: true });
      const sample = await inbox.next();
      expect(sample.isShm()).toBe(true);
      const payload = sample.payload();
      expect(payload.segmentCount).toBe(1);
      expect(sha256(payload.toBytes())).toBe(put.sha256);
      payload.assertZeroCopy();
      const [view] = payload.segments();
      payload[Symbol.dispose]();
      expect(view).toHaveLength(0);
    }),
  );

  peerTest('python', 'plain bytes that the Python side moves to shared memory by itself are a view as well', () =>
    withZenohPeer(PROGRAM, { link: 'shm' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      const deadline = performance.now() + HANG_MS;
      // Its pool is set up in the background: until then the bytes come through the socket.
      for (;;) {
        // BLOCK: on a busy machine zenoh may drop it otherwise.
        const put = await python.call<PythonPut>('put', {
          key: KEY,
          large: { seed, length: 100_000 },
          fields: { congestionControl: 'BLOCK' },
        });
        using sample = await inbox.next();
        expect(sha256(...sample.payload().segments())).toBe(put.sha256);
        if (sample.isShm()) return sample.payload().assertZeroCopy();
        expect(performance.now()).toBeLessThan(deadline);
      }
    }),
  );

  peerTest('python', 'a chunk that was not released survives the process that wrote it', async () => {
    let kept: { readonly sample: Sample; readonly sha256: string } | undefined;
    await withZenohPeer(PROGRAM, { link: 'shm' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      const put = await python.call<PythonPut>('put', { key: KEY, large: { seed, length: LARGE }, as_shm: true });
      kept = { sample: await inbox.next(), sha256: put.sha256 };
    });
    expect(kept?.sample.isShm()).toBe(true);
    expect(sha256(...(kept?.sample.payload().segments() ?? []))).toBe(kept?.sha256);
  });

  peerTest('python', 'a session without shared memory gets the bytes', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      const put = await python.call<PythonPut>('put', {
        key: KEY,
        large: { seed, length: LARGE },
        as_shm: true,
        fields: { congestionControl: 'BLOCK' },
      });
      const sample = await inbox.next();
      expect(sample.isShm()).toBe(false);
      expect(sha256(...sample.payload().segments())).toBe(put.sha256);
    }),
  );
});
