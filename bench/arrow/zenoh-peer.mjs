// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Our peers, over TCP or shared memory: `<ends|whole>` and the arguments of all peers. Columns have 32 bytes a row.
import { decodeBatches, encodeBatch, ShmTableBuilder } from '@zenoh-segments/arrow';
import { Config, CongestionControl, heap, Reliability, Session, ShmProvider, ShmRecycler } from '@zenoh-segments/core';
import { Field, Float64, Int32, Schema } from 'apache-arrow';
import { peerArguments } from '../peers/commands.mjs';
import { servePublisher } from '../peers/publishing.mjs';
import { Tally } from '../peers/tally.mjs';

const KEY = 'bench/arrow';
const schema = new Schema([
  ...['a', 'b'].map((name) => new Field(name, new Float64())),
  ...['c', 'd', 'e', 'f'].map((name) => new Field(name, new Int32())),
]);
const whole = process.argv[2] === 'whole';
const { role, link, size, place } = peerArguments();
const rows = size / 32;

/** What a batch is filled with, where it is. @type {readonly (Float64Array | Int32Array)[]} */
const content = schema.fields.map(({ type }) => new type.ArrayType(rows).fill(0.5));

/** @param {ShmTableBuilder} builder @param {number} number */
function fill(builder, number) {
  for (let index = 0; index < content.length; index++) {
    const { values } = builder.column(index);
    if (whole) values.set(content[index]);
    values[0] = number;
    values[rows - 1] = number;
  }
}

/** @param {Session} session */
async function publish(session) {
  const publisher = await session.declarePublisher(KEY, {
    congestionControl: CongestionControl.BLOCK,
    reliability: Reliability.RELIABLE,
  });
  const send = link === 'shm' ? sharedMemory() : network();
  await servePublisher({
    probe: () => publisher.put('?'),
    send: (number) => send(publisher, number),
    more: () => ({ ledger: publisher.ledger.snapshot() }),
  });
}

/** Each batch is built in a chunk of shared memory. @returns {(publisher: import('@zenoh-segments/core').Publisher, number: number) => Promise<unknown>} */
function sharedMemory() {
  const room = new ShmTableBuilder(heap, schema, { rows }).chunkBytes;
  const pool = new ShmProvider({ size: Math.max(256 << 20, room * 8) });
  const builder = new ShmTableBuilder(new ShmRecycler(pool, room), schema, { rows });
  return async (publisher, number) => {
    await builder.ready();
    fill(builder, number);
    await publisher.put(builder.finish(rows));
    builder.reset();
  };
}

/** One batch, in native memory, is encoded for each put. @returns {(publisher: import('@zenoh-segments/core').Publisher) => Promise<unknown>} */
function network() {
  const builder = new ShmTableBuilder(heap, schema, { rows });
  fill(builder, 0);
  const [batch] = decodeBatches(builder.finish(rows));
  if (batch === undefined) throw new Error('there is no batch');
  return (publisher) => publisher.put(encodeBatch(batch));
}

/** @param {Session} session */
async function subscribe(session) {
  const tally = new Tally();
  let touched = 0;
  const subscriber = await session.declareSubscriber(KEY, {
    bounds: { policy: 'block' },
    handler: (sample) => {
      const payload = sample.payload();
      if (payload.length === 1) tally.receive(1);
      else {
        let bytes = 0;
        for (const { data } of decodeBatches(payload)) {
          for (const { values } of data.children) {
            touched += whole ? sum(values) : values[0] + values[rows - 1];
            bytes += values.byteLength;
          }
        }
        tally.receive(bytes, sample.isShm());
      }
      sample[Symbol.dispose]();
    },
  });
  await tally.serve(() => ({ touched, ledger: subscriber.ledger.snapshot() }));
}

/** @param {Float64Array | Int32Array} values */
function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += /** @type {number} */ (values[i]);
  return total;
}

const session = await Session.open(Config.fromJson5(place));
await (role === 'publisher' ? publish(session) : subscribe(session));
await session.close();
