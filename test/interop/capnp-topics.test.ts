// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { MessageBuilder, structCodec, topic } from '@zenoh-segments/capnp';
import { Telemetry } from '../golden/capnp/telemetry.js';
import { peerTest } from '../support/peers.js';
import { LINKS, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';
import { until } from '../support/until.js';
import { contentOf, fullMessage } from '../unit/capnp/sample.js';
import { type Content, jsonContent } from './capnp/content.js';

const telemetry = topic(structCodec(Telemetry), { key: 'robots/{robot}/telemetry' });

describe.each(LINKS)('%s', (link) => {
  const withPeer = (run: (peer: ZenohPeer) => Promise<void>) => withZenohPeer('capnp_peer.py', { link }, run);

  peerTest('python', 'pycapnp reads what a topic publishes', () =>
    withPeer(async ({ python, session, subscribe }) => {
      await subscribe('robots/r1/telemetry');
      const publisher = await telemetry.declarePublisher(session, { robot: 'r1' });
      await publisher.putMessage(fullMessage(new MessageBuilder()));
      expect(await python.call('next_message')).toMatchObject({
        encoding: 'application/x-capnp;0xa3f0c65b1d2e4897',
        content: jsonContent(fullMessage()),
      });
    }),
  );

  peerTest('python', 'a topic tells what pycapnp publishes by its encoding', () =>
    withPeer(async ({ python, session }) => {
      const [messages, errors]: [Content[], string[]] = [[], []];
      await telemetry.declareSubscriber(
        session,
        {},
        {
          handler: ({ received, params }) => messages.push({ ...contentOf(received), robot: params.robot }),
          onInvalid: ({ code }) => errors.push(code),
        },
      );
      const content = jsonContent(fullMessage());
      const put = (robot: string, fields: object) =>
        python.call('put_message', { key: `robots/${robot}/telemetry`, content, as_shm: link === 'shm', fields });
      await put('r1', { encoding: telemetry.codec.encoding });
      await put('r2', { encoding: 'application/x-capnp;0xd0fd369b08d132ec' });
      await put('r3', { encoding: 'application/x-capnp' });
      await put('r4', {});
      await put('r5', { encoding: 'application/protobuf' });
      await put('r6', { encoding: telemetry.codec.encoding });
      await until('the last message came', () => messages.at(-1)?.robot === 'r6');
      expect(messages).toEqual(['r1', 'r3', 'r4', 'r6'].map((robot) => ({ ...contentOf(fullMessage()), robot })));
      expect(errors).toEqual(['CAPNP_TYPE', 'CAPNP_TYPE']);
    }),
  );
});
