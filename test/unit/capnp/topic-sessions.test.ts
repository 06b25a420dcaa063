// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { type CapnpPayloadError, structCodec, type TypedSample, topic, toZBytes } from '@zenoh-segments/capnp';
import { CongestionControl, Priority, Reliability, RingChannel, SampleKind } from '@zenoh-segments/core';
import type { Pair } from '../../conformance/case.js';
import { native } from '../../conformance/native.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { OldTelemetry, Telemetry } from '../../golden/capnp/telemetry.js';
import { collected } from '../../support/collected.js';
import { first } from '../../support/first.js';
import { matched } from '../../support/matched.js';
import { until } from '../../support/until.js';
import { contentOf, fullMessage } from './sample.js';
import { BACKENDS, codec, named, numbered, publisherTo, RELIABLY, robots, unmatched } from './topics.js';

describe.each(BACKENDS)('%s', (_, backend) => {
  /** A test with two connected sessions. */
  const over = (name: string, run: (pair: Pair) => Promise<void>) => test(name, () => withConnectedPair(backend, run));

  over('what is published comes with its parameters, and leaving the loop undeclares', async ({ sender, receiver }) => {
    const seen = first(robots.subscribe(receiver), 2, ({ message, params, sample }) => [
      message.sequence,
      message.name,
      params.robot,
      sample.encoding().toString(),
    ]);
    for (const [robot, sequence] of [['r1', 1n] as const, [2, 2n] as const]) {
      const pub = await publisherTo(sender, { robot });
      const result = await pub.put((root) => {
        root.sequence = sequence;
        root.name = `robot ${robot}`;
      });
      expect(result).toBe('done');
      expect(pub.publisher.encoding().toString()).toBe(codec.encoding);
    }
    expect(await seen).toEqual([
      [1n, 'robot r1', 'r1', 'application/x-capnp;0xa3f0c65b1d2e4897'],
      [2n, 'robot 2', '2', 'application/x-capnp;0xa3f0c65b1d2e4897'],
    ]);
    await unmatched(sender, 'robots/r1/telemetry');
  });

  over('a subscriber of some parameters gets no others', async ({ sender, receiver }) => {
    const names: string[] = [];
    const declared = await robots.declareSubscriber(
      receiver,
      { robot: 'r2' },
      {
        handler: ({ message }) => names.push(message.name),
      },
    );
    expect(declared.subscriber.keyExpr().toString()).toBe('robots/r2/telemetry');
    const second = await publisherTo(sender, { robot: 'r2' });
    const first = await robots.declarePublisher(sender, { robot: 'r1' });
    for (const pub of [first, second]) await pub.put(named(pub.publisher.keyExpr().toString()));
    await until('the message is there', () => names.length > 0);
    expect(names).toEqual(['robots/r2/telemetry']);
  });

  over('quality of service is the topic’s, and a publisher’s own goes before it', async ({ sender, receiver }) => {
    const settings = { priority: Priority.DATA_HIGH, express: true, congestionControl: CongestionControl.BLOCK };
    const urgent = topic(codec, { key: 'urgent/{n}', ...settings, reliability: Reliability.RELIABLE });
    const qos = first(urgent.subscribe(receiver), 2, ({ sample }) => [
      sample.priority(),
      sample.express(),
      sample.congestionControl(),
    ]);
    for (const options of [{}, { priority: Priority.REAL_TIME, express: undefined }]) {
      const pub = await urgent.declarePublisher(sender, { n: 1 }, options);
      await matched(sender, 'urgent/1');
      await pub.put(() => {});
    }
    expect(await qos).toEqual([
      [Priority.DATA_HIGH, true, CongestionControl.BLOCK],
      [Priority.REAL_TIME, true, CongestionControl.BLOCK],
    ]);
  });

  over('packed messages are marked, and mix with others', async ({ sender, receiver }) => {
    const seen = first(robots.subscribe(receiver), 2, ({ message, sample }) => [
      message.spectrum.length,
      sample.encoding().toString(),
      sample.payload().length < 200,
    ]);
    for (const packed of [true, false]) {
      const pub = await publisherTo(sender, { robot: 'r1' }, { packed });
      await pub.put((root) => void root._initSpectrum(100));
    }
    expect(await seen).toEqual([
      [100, codec.packedEncoding, true],
      [100, codec.encoding, false],
    ]);
  });

  over('a whole message of one’s own is published as it is', async ({ sender, receiver }) => {
    const seen = first(robots.subscribe(receiver), 1, ({ sample }) =>
      contentOf(codec.decode(sample.payload(), sample.encoding()).message),
    );
    const pub = await publisherTo(sender, { robot: 'r1' });
    await pub.putMessage(fullMessage(), { ownership: 'copy' });
    expect(await seen).toEqual([contentOf(fullMessage())]);
    expect(pub.publisher.ledger.copiedFor('copy')).toBe(toZBytes(fullMessage()).length);
  });

  describe('what is not a message of the type', () => {
    const bad = [
      ['another type', 'application/x-capnp;0xd0fd369b08d132ec', 'old', 'CAPNP_TYPE'],
      ['another format', 'application/json', '{}', 'CAPNP_TYPE'],
      ['garbage', codec.encoding, 'garbage!', 'CAPNP_LIMIT'],
      ['garbage without an encoding', undefined, 'no message', 'CAPNP_LIMIT'],
      ['nothing', codec.encoding, '', 'CAPNP_TRUNCATED'],
    ] as const;

    over('ends the loop with a typed error', async ({ sender, receiver }) => {
      const seen = first(robots.subscribe(receiver), 1, ({ message }) => message.sequence);
      // Nobody waits for it until the put is done.
      seen.catch(() => {});
      await matched(sender, 'robots/r1/telemetry');
      const options = { encoding: structCodec(OldTelemetry).encoding };
      await sender.put(
        'robots/r1/telemetry',
        structCodec(OldTelemetry).encode(() => {}),
        options,
      );
      await expect(seen).rejects.toMatchObject({
        name: 'CapnpPayloadError',
        code: 'CAPNP_TYPE',
        message:
          "a payload of encoding `application/x-capnp;0xd0fd369b08d132ec` can't be read as Telemetry, " +
          'whose encoding is `application/x-capnp;0xa3f0c65b1d2e4897`',
      });
      await unmatched(sender, 'robots/r1/telemetry');
    });

    over('goes to onInvalid, and the loop goes on', async ({ sender, receiver }) => {
      const reported: string[][] = [];
      const onInvalid = ({ code }: CapnpPayloadError, sample: { payload(): object }) =>
        reported.push([code, sample.payload().toString()]);
      const seen = first(robots.subscribe(receiver, {}, { onInvalid }), 2, ({ message }) => message.sequence);
      const pub = await publisherTo(sender, { robot: 'r1' });
      await pub.put(numbered(1n));
      for (const [, encoding, payload] of bad)
        await sender.put('robots/r1/telemetry', payload, { ...RELIABLY, encoding });
      await pub.put(numbered(2n));
      expect(await seen).toEqual([1n, 2n]);
      expect(reported).toEqual(bad.map(([, , payload, code]) => [code, payload]));
    });

    over('does not reach a callback either', async ({ sender, receiver }) => {
      const codes: string[] = [];
      const sequences: bigint[] = [];
      await robots.declareSubscriber(
        receiver,
        {},
        {
          handler: [({ message }) => sequences.push(message.sequence), () => {}],
          onInvalid: ({ code }) => codes.push(code),
        },
      );
      const pub = await publisherTo(sender, { robot: 'r1' });
      for (const [, encoding, payload] of bad)
        await sender.put('robots/r1/telemetry', payload, { ...RELIABLY, encoding });
      await pub.put(numbered(1n));
      await until('the message is there', () => sequences.length > 0);
      expect(codes).toEqual(bad.map(([, , , code]) => code));
    });

    over('can cost no more than the limits', async ({ sender, receiver }) => {
      const limits = { maxBytes: 1000 };
      const codes: string[] = [];
      const onInvalid = ({ code }: CapnpPayloadError) => codes.push(code);
      const seen = first(robots.subscribe(receiver, {}, { limits, onInvalid }), 1, ({ message }) => message.name);
      const pub = await publisherTo(sender, { robot: 'r1' });
      await pub.putMessage(fullMessage());
      await pub.put(named('small'));
      expect(await seen).toEqual(['small']);
      expect(codes).toEqual(['CAPNP_LIMIT']);
    });
  });

  over('a payload without an encoding is taken at its word', async ({ sender, receiver }) => {
    const seen = first(robots.subscribe(receiver), 1, ({ message }) => message.name);
    await matched(sender, 'robots/r1/telemetry');
    await sender.put('robots/r1/telemetry', toZBytes(fullMessage()), RELIABLY);
    expect(await seen).toEqual(['Messgerät 7 – été']);
  });

  over('deletions are told apart from messages', async ({ sender, receiver }) => {
    const deleted: unknown[] = [];
    const options = {
      onDelete: ({ robot }: { robot: string }, sample: { kind(): SampleKind }) => deleted.push([robot, sample.kind()]),
    };
    const declared = [];
    for (const each of [{}, options]) declared.push(await robots.declareSubscriber(receiver, {}, each));
    const both = declared.map((subscriber) => first(subscriber, 1, ({ message }) => message.sequence));
    // It waits until one of the two is known: both are there by then.
    const pub = await publisherTo(sender, { robot: 'r1' });
    await pub.delete();
    await pub.put(numbered(5n));
    expect(await Promise.all(both)).toEqual([[5n], [5n]]);
    expect(deleted).toEqual([['r1', SampleKind.DELETE]]);
  });

  over('a put to many keys leaves its parameters open', async ({ sender, receiver }) => {
    const seen = first(robots.subscribe(receiver), 1, ({ params }) => params.robot);
    await matched(sender, 'robots/r1/telemetry');
    await sender.put(
      'robots/*/telemetry',
      codec.encode(() => {}),
      { ...RELIABLY, encoding: codec.encoding },
    );
    expect(await seen).toEqual(['*']);
  });

  over('a subscriber that is undeclared, or whose session closes, ends its loop', async ({ sender, receiver }) => {
    const declared = await robots.declareSubscriber(receiver, {}, { handler: new RingChannel(1) });
    const [one, other] = [first(declared, 1, () => 0), first(robots.subscribe(sender), 1, () => 0)];
    await declared.undeclare();
    expect(await one).toEqual([]);
    await matched(receiver, 'robots/r1/telemetry');
    await sender.close();
    expect(await other).toEqual([]);
  });

  over('a message is read-only, and its copy may be written and kept', async ({ sender, receiver }) => {
    for (const packed of [false, true]) {
      const seen = first(robots.subscribe(receiver), 1, (item) => {
        expect(() => named('mine')(item.message)).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
        const { received } = item;
        const copy = received.copy();
        item.dispose();
        expect(() => received.getRoot(Telemetry)).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
        return copy;
      });
      const pub = await publisherTo(sender, { robot: 'r1' }, { packed });
      await pub.put(named('yours'));
      const root = (await seen)[0]!.getRoot(Telemetry);
      expect(root.name).toBe('yours');
      named('mine')(root);
      expect(root.name).toBe('mine');
    }
  });

  over('the memory of a message lives as long as what was read of it', async ({ sender, receiver }) => {
    const items: TypedSample<Telemetry, { robot: string | number | bigint }>[] = [];
    await robots.declareSubscriber(receiver, {}, { handler: (item) => items.push(item) });
    const pub = await publisherTo(sender, { robot: 'r1' });
    const frame = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
    for (let i = 0; i < 2; i++) await pub.put((root) => root._initFrame(frame.length).copyBuffer(frame));
    await until('both messages are there', () => items.length === 2);
    const [kept, gone] = items.splice(0) as [(typeof items)[0], (typeof items)[0]];
    // The message alone holds the memory of its payload.
    const bytes = kept.message.frame.toUint8Array();
    {
      using item = gone;
      expect(item.message.frame.length).toBe(10_000);
    }
    for (const read of [() => gone.sample.payload().length, () => gone.message, () => gone.received]) {
      expect(read).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
    }
    expect(Buffer.compare(bytes, frame)).toBe(0);
    gone.dispose();
  });
});

test('nothing is copied for a subscriber of the same session, and nothing keeps what nobody holds', async () => {
  await withConnectedPair(native, async ({ sender }) => {
    const refs: WeakRef<object>[] = [];
    const read = new Promise<void>((resolve) => {
      void robots.declareSubscriber(
        sender,
        {},
        {
          handler: ({ message, sample }) => {
            expect(message.frame.toUint8Array().length).toBe(100_000);
            sample.payload().assertZeroCopy();
            refs.push(new WeakRef(message), new WeakRef(sample));
            resolve();
          },
        },
      );
    });
    const pub = await publisherTo(sender, { robot: 'r1' });
    await pub.put((root) => void root._initFrame(100_000));
    await read;
    pub.publisher.ledger.assertZeroCopy();
    await collected('what was received', refs);
  });
});
