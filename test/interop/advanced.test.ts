// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { CongestionControl, type Miss, type Sample, SampleKind } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { peerTest } from '../support/peers.js';
import { hex } from '../support/peers-bytes.js';
import { type PythonSample, withZenohPeer } from '../support/python-zenoh.js';
import { until } from '../support/until.js';

const PROGRAM = 'advanced_peer.py';
const KEY = 'interop/advanced';
const BLOCK = CongestionControl.BLOCK;

/** More than the filter lets pass, in hex. */
const LOST = '00'.repeat(101);
/** Of the receiving session: every larger put that arrives is lost. */
const LOSING = [{ flows: ['ingress'], messages: ['put'], key_exprs: [KEY], size_limit: 100 }];

const bytes = (text: string) => Buffer.from(text, 'hex');
const payload = (sample: Sample) => hex(sample.payload().toBytes());

describe('our advanced subscriber, an advanced publisher of eclipse-zenoh', () => {
  peerTest('python', 'history, live samples, and the publisher coming and going', () =>
    withZenohPeer(PROGRAM, { link: 'tcp', listener: 'python' }, async ({ python, session }) => {
      await python.call('advanced_publisher', { key: KEY, cache: 3 });
      for (const each of ['01', '02', '03', '04']) await python.call('advanced_put', { key: KEY, payload: each });
      const samples: Sample[] = [];
      const events: string[] = [];
      const subscriber = await session.declareAdvancedSubscriber(KEY, {
        history: { detectLatePublishers: true },
        handler: (sample) => samples.push(sample),
      });
      await subscriber.detectPublishers(
        (sample) => events.push(`${SampleKind[sample.kind()]} ${sample.keyexpr().toString().split('/').slice(0, 4)}`),
        { history: true },
      );
      await until('the history came', () => samples.length >= 3);
      await python.call('advanced_put', { key: KEY, payload: '05' });
      await until('the next sample came', () => samples.length >= 4);
      expect(samples.map(payload)).toEqual(['02', '03', '04', '05']);
      await python.call('undeclare_publisher', { key: KEY });
      await until('its end is seen', () => events.length >= 2);
      expect(events).toEqual(['PUT interop,advanced,@adv,pub', 'DELETE interop,advanced,@adv,pub']);
    }),
  );

  peerTest('python', 'what is lost is recovered by its heartbeat, or told as a miss', () =>
    withZenohPeer(PROGRAM, { link: 'tcp', settings: { low_pass_filter: LOSING } }, async ({ python, session }) => {
      const [recovered, plain, misses]: [Sample[], Sample[], Miss[]] = [[], [], []];
      await session.declareAdvancedSubscriber(KEY, {
        recovery: { heartbeat: true },
        handler: (sample) => recovered.push(sample),
      });
      const losing = await session.declareAdvancedSubscriber(KEY, { handler: (sample) => plain.push(sample) });
      await losing.sampleMissListener((miss) => misses.push(miss));
      await python.call('advanced_publisher', { key: KEY, cache: 10, heartbeat: 0.02 });
      await python.call('matched', { key: KEY });
      await python.call('advanced_put', { key: KEY, payload: '01' });
      await until('the first sample came', () => recovered.length >= 1 && plain.length >= 1);
      await python.call('advanced_put', { key: KEY, payload: LOST });
      await until('the lost one is recovered', () => recovered.length >= 2);
      await python.call('advanced_put', { key: KEY, payload: '03' });
      await until('the miss is told', () => misses.length >= 1);
      expect(recovered.map(payload).slice(0, 2)).toEqual(['01', LOST]);
      expect(plain.map(payload)).toEqual(['01', '03']);
      expect(misses.map((miss) => miss.nb())).toEqual([1]);
    }),
  );
});

describe('an advanced subscriber of eclipse-zenoh, our advanced publisher', () => {
  const next = async (python: { call<R>(op: string): Promise<R> }) => (await python.call<PythonSample>('next')).hex;

  peerTest('python', 'history as it was when it was put, live samples, and our publisher coming and going', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const publisher = await session.declareAdvancedPublisher(KEY, {
        cache: { maxSamples: 2 },
        sampleMissDetection: {},
        publisherDetection: true,
        publisherDetectionMetadata: 'of/ours',
      });
      const reused = new Uint8Array(2);
      for (const each of [1, 2, 3]) {
        reused.fill(each);
        await publisher.putSegments([reused.subarray(0, 1), reused.subarray(1)]);
      }
      reused.fill(9);
      expect(publisher.ledger.copiedFor('held')).toBe(6);
      await python.call('advanced_subscriber', { key: KEY, history: true });
      expect([await next(python), await next(python)]).toEqual(['0202', '0303']);
      const { key } = await python.call<{ key: string }>('next_detected');
      expect(key).toContain(`${KEY}/@adv/pub/${session.zid()}/`);
      expect(key).toMatch(/of\/ours$/);
      await publisher.put(bytes('04'));
      expect(await next(python)).toBe('04');
      await publisher.undeclare();
      expect(await python.call('next_detected')).toEqual({ key, kind: 'DELETE' });
    }),
  );

  peerTest('python', 'what is lost is recovered by our heartbeat, sporadic or not', async () => {
    const settings = { low_pass_filter: LOSING };
    for (const sampleMissDetection of [{ heartbeat: 20 }, { sporadicHeartbeat: 20 }]) {
      await withZenohPeer(PROGRAM, { link: 'tcp', pythonSettings: settings }, async ({ python, session }) => {
        await python.call('advanced_subscriber', { key: KEY, recovery: { heartbeat: true } });
        const publisher = await session.declareAdvancedPublisher(KEY, {
          cache: { maxSamples: 10 },
          sampleMissDetection,
          congestionControl: BLOCK,
        });
        await publisher.put(bytes('01'));
        expect(await next(python)).toBe('01');
        await publisher.put(bytes(LOST));
        expect(await next(python)).toBe(LOST);
        expect(await python.call('no_miss')).toBe(true);
      });
    }
  });

  peerTest('python', 'what is lost is told as a miss of our session', () =>
    withZenohPeer(
      PROGRAM,
      { link: 'tcp', pythonSettings: { low_pass_filter: LOSING } },
      async ({ python, session }) => {
        await python.call('advanced_subscriber', { key: KEY });
        const publisher = await session.declareAdvancedPublisher(KEY, {
          sampleMissDetection: {},
          congestionControl: BLOCK,
        });
        await matched(session, KEY);
        for (const each of ['01', LOST, LOST, '04']) await publisher.put(bytes(each));
        expect([await next(python), await next(python)]).toEqual(['01', '04']);
        expect(await python.call('next_miss')).toEqual({ zid: session.zid().toString(), nb: 2 });
      },
    ),
  );
});
