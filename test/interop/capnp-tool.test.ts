// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { fromZBytes, toZBytes } from '@zenoh-segments/capnp';
import { Message } from 'capnp-es';
import { Telemetry } from '../golden/capnp/telemetry.js';
import { peerTest } from '../support/peers.js';
import { Inbox } from '../support/peers-inbox.js';
import { type PythonPut, type PythonSample, withZenohPeer } from '../support/python-zenoh.js';
import { fullMessage, manySegments } from '../unit/capnp/sample.js';
import { jsonContent } from './capnp/content.js';

// Cap'n Proto's own tool at the far end, with the bytes as eclipse-zenoh carried them.
const schema = fileURLToPath(new URL('../golden/capnp/telemetry.capnp', import.meta.url));
const KEY = 'interop/capnp/tool';

const BACK = 'interop/capnp/back';

for (const [kind, make] of [
  ['one segment', fullMessage],
  ['many segments', manySegments],
] as const) {
  for (const packed of [false, true]) {
    const form = packed ? 'packed message' : 'message';
    peerTest(
      ['python', 'capnp'],
      `the capnp tool decodes our ${form} of ${kind}, and encodes it again to what we read`,
      () =>
        withZenohPeer('zenoh_peer.py', { link: 'tcp' }, async ({ python, session, subscribe }) => {
          await subscribe(KEY);
          const inbox = await Inbox.on(session, BACK);
          const message = make();
          await session.put(KEY, toZBytes(message, { packed }));
          const { hex } = await python.call<PythonSample>('next');
          const text = tool('decode', packed, Buffer.from(hex ?? '', 'hex')).toString();
          expect(text).toContain('sequence = 18364758544493064720');
          expect(text).toContain('(sensor = "sensor 39", value = 4.875, health = failed)');

          const encoded = tool('encode', packed, text);
          await python.call<PythonPut>('put', { key: BACK, payload: encoded.toString('hex') });
          const received = fromZBytes((await inbox.next()).payload(), { packed });
          expect(jsonContent(received)).toEqual(jsonContent(new Message(message.toArrayBuffer(), false)));
          expect(received.getRoot(Telemetry).sequence).toBe(0xfedcba9876543210n);
        }),
    );
  }
}

function tool(verb: 'decode' | 'encode', packed: boolean, input: string | Uint8Array): Buffer {
  return execFileSync('capnp', [verb, ...(packed ? ['--packed'] : []), schema, 'Telemetry'], { input });
}
