// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  CongestionControl,
  Encoding,
  Locality,
  Priority,
  Reliability,
  SampleKind,
  Timestamp,
  ZBytes,
} from '@zenoh-segments/core';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

export const publications: Case[] = [
  {
    name: 'a put arrives with its key, kind, payload and defaults',
    covers: ['+put', '+callback'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/*');
      await sender.put('pub/a', 'hello');
      const sample = await inbox.at(0);
      expect(sample.keyexpr().toString()).toBe('pub/a');
      expect(sample.kind()).toBe(SampleKind.PUT);
      expect(sample.payload().toString()).toBe('hello');
      expect(sample.encoding().toString()).toBe(Encoding.default().toString());
      expect(sample.priority()).toBe(Priority.DATA);
      expect(sample.congestionControl()).toBe(CongestionControl.DROP);
      expect(sample.express()).toBe(false);
      expect(sample.attachment()).toBeUndefined();
    },
  },
  {
    name: 'every option of a put arrives',
    covers: ['+encoding', '+qos', '+locality', '+attachment'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/options');
      const timestamp = Timestamp.fromString('7386690599959157260/33');
      await sender.put('pub/options', 'x', {
        encoding: Encoding.TEXT_PLAIN.withSchema('utf-8'),
        attachment: 'note',
        priority: Priority.REAL_TIME,
        congestionControl: CongestionControl.BLOCK,
        express: true,
        reliability: Reliability.RELIABLE,
        allowedDestination: Locality.REMOTE,
        timestamp,
      });
      const sample = await inbox.at(0);
      expect(sample.encoding().toString()).toBe('text/plain;utf-8');
      expect(sample.attachment()?.toString()).toBe('note');
      expect(sample.priority()).toBe(Priority.REAL_TIME);
      expect(sample.congestionControl()).toBe(CongestionControl.BLOCK);
      expect(sample.express()).toBe(true);
      expect(sample.timestamp()?.toString()).toBe(timestamp.toString());
    },
  },
  {
    name: 'a publisher gives its messages its encoding and quality of service, and a put may override the encoding',
    covers: ['+encoding', '+qos'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/declared');
      await using publisher = await sender.declarePublisher('pub/declared', {
        encoding: 'application/json',
        priority: Priority.BACKGROUND,
        congestionControl: CongestionControl.BLOCK,
      });
      await publisher.put('{}');
      await publisher.put('plain', {
        encoding: 'text/plain',
        attachment: ZBytes.fromSegments([bytes(1, 65), bytes(1, 66)]),
      });
      expect((await inbox.at(0)).encoding().toString()).toBe('application/json');
      const second = await inbox.at(1);
      expect(second.encoding().toString()).toBe('text/plain');
      expect(second.priority()).toBe(Priority.BACKGROUND);
      expect(second.attachment()?.toString()).toBe('AB');
    },
  },
  {
    name: 'a publisher knows whether somebody is there',
    covers: ['+matching', '-matching'],
    run: async ({ sender, receiver }) => {
      const publisher = await sender.declarePublisher('pub/matching');
      expect((await publisher.matchingStatus()).matching()).toBe(false);
      const subscriber = await receiver.declareSubscriber('pub/*');
      while (!(await publisher.matchingStatus()).matching()) await new Promise((resolve) => setTimeout(resolve, 1));
      await subscriber.undeclare();
      while ((await publisher.matchingStatus()).matching()) await new Promise((resolve) => setTimeout(resolve, 1));
      await publisher.undeclare();
      await expect(publisher.matchingStatus()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'a delete arrives as one, from a session and from a publisher',
    covers: ['+put', '+attachment'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/gone');
      await using publisher = await sender.declarePublisher('pub/gone');
      await sender.delete('pub/gone', { attachment: 'why' });
      await publisher.delete();
      const first = await inbox.at(0);
      expect(first.kind()).toBe(SampleKind.DELETE);
      expect(first.attachment()?.toString()).toBe('why');
      expect(first.payload().isEmpty()).toBe(true);
      expect((await inbox.at(1)).kind()).toBe(SampleKind.DELETE);
    },
  },
  {
    name: 'segments arrive as their concatenation, without framing, empty ones included',
    covers: ['+segments'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/segments');
      const parts = [bytes(3, 1), bytes(0, 0), bytes(70_000, 2), bytes(1, 3)];
      await sender.putSegments('pub/segments', parts);
      const payload = (await inbox.at(0)).payload();
      expect(payload.length).toBe(70_004);
      expect(Buffer.concat(parts).equals(payload.toBytes())).toBe(true);
    },
  },
  {
    name: 'ten thousand segments make one payload',
    covers: ['+segments'],
    run: async ({ sender, reach, backend: { copies } }) => {
      const inbox = await reach('pub/many');
      const parts = Array.from({ length: 10_000 }, (_, i) => bytes(7, i));
      const payload = ZBytes.fromSegments(parts);
      sender.putSync('pub/many', payload, { congestionControl: CongestionControl.BLOCK });
      expect(payload.ledger.snapshot().reasons).toEqual(copies.sent(70_000));
      expect(Buffer.concat(parts).equals((await inbox.at(0)).payload().toBytes())).toBe(true);
    },
  },
  {
    name: 'an empty payload arrives',
    covers: ['+put'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/empty');
      await sender.put('pub/empty', new Uint8Array(0));
      expect((await inbox.at(0)).payload().segments()).toEqual([]);
    },
  },
  {
    name: 'a received payload is views, the same objects at every call, and detached by dispose',
    covers: ['+segments', '-segments'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('pub/views');
      await sender.put('pub/views', bytes(300_000, 9), { congestionControl: CongestionControl.BLOCK });
      const sample = await inbox.at(0);
      const payload = sample.payload();
      expect(sample.payload()).toBe(payload);
      expect(payload.segments()).toBe(payload.segments());
      payload.assertZeroCopy();
      const views = [...payload.segments()];
      payload[Symbol.dispose]();
      expect(views.map((view) => view.byteLength)).toEqual(views.map(() => 0));
      expect(() => payload.length).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
    },
  },
  {
    name: 'a received payload can be forwarded',
    covers: ['+segments'],
    run: async ({ sender, receiver, reach, backend: { copies } }) => {
      const inbox = await reach('pub/forward/in');
      const out = await reach('pub/forward/out');
      await sender.put('pub/forward/in', bytes(200_000, 5), { congestionControl: CongestionControl.BLOCK });
      const received = (await inbox.at(0)).payload();
      received.assertZeroCopy();
      await receiver.put('pub/forward/out', received, { congestionControl: CongestionControl.BLOCK });
      const forwarded = (await out.at(0)).payload();
      expect(forwarded.length).toBe(200_000);
      expect(forwarded.range(199_999, 200_000)[0]).toBe(5);
      expect(received.ledger.snapshot().reasons).toEqual(copies.sent(200_000));
    },
  },
];
