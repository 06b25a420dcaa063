// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Eclipse's own TypeScript client, as a judge of the websocket server; the protocol is that of json_lines.py.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

// What it prints must not land between the answers.
console.log = console.error;
// It wants the browser's, which Node 20 lacks.
Object.assign(globalThis, { WebSocket });
const zenoh = await import('@eclipse-zenoh/zenoh-ts');
const { CongestionControl, Encoding, Priority, SampleKind, ZBytes } = zenoh;

let session;
const received = {};
const declared = {};

const hex = (bytes) => Buffer.from(bytes).toString('hex');
/** Large payloads are told by their length and sum, which is what takes long enough already. */
const told = (bytes) =>
  bytes.length <= 64 ? hex(bytes) : { length: bytes.length, sum: bytes.reduce((sum, byte) => sum + byte, 0) };
const payload = ({ size, fill, text }) => (text === undefined ? new Uint8Array(size).fill(fill) : text);

function sampleFacts(sample) {
  return {
    key: sample.keyexpr().toString(),
    payload: told(sample.payload().toBytes()),
    kind: SampleKind[sample.kind()],
    encoding: sample.encoding().toString(),
    attachment: sample.attachment()?.toString(),
    timestamp: sample.timestamp()?.getNtp64().toString(),
    priority: sample.priority(),
    congestion: sample.congestionControl(),
    express: sample.express(),
  };
}

function replyFacts(reply) {
  const result = reply.result();
  return 'keyexpr' in result ? sampleFacts(result) : { error: result.payload().toString() };
}

const collect = (name) => {
  received[name] = [];
  return { handler: (item) => received[name].push(item) };
};

const operations = {
  async open({ locator }) {
    session = await zenoh.Session.open(new zenoh.Config(locator));
  },
  async info() {
    const info = await session.info();
    const [transports, links] = [await info.transports(), await info.links()];
    return {
      zid: info.zid().toString(),
      peers: info.peersZid().map(String),
      routers: info.routersZid().map(String),
      transports: [...transports].map((one) => one.zid().toString()),
      links: [...links].map((one) => one.dst()),
    };
  },
  async listen() {
    const [transports, links] = [collect('transports'), collect('links')];
    const info = await session.info();
    const transportEvent = (event) =>
      transports.handler([SampleKind[event.kind()], event.transport().zid().toString()]);
    const linkEvent = (event) => links.handler([SampleKind[event.kind()], event.link().zid().toString()]);
    await info.transportEventsListener({ handler: transportEvent, history: true });
    await info.linkEventsListener({ handler: linkEvent, history: true });
  },
  async newTimestamp() {
    return (await session.newTimestamp()).getNtp64().toString();
  },
  async subscribe({ key }) {
    const { handler } = collect(key);
    declared[key] = await session.declareSubscriber(key, { handler: (sample) => handler(sampleFacts(sample)) });
  },
  async livelinessSubscribe({ key, history }) {
    const { handler } = collect(key);
    const told = (sample) => handler({ key: sample.keyexpr().toString(), kind: SampleKind[sample.kind()] });
    declared[key] = await session.liveliness().declareSubscriber(key, { handler: told, history });
  },
  async token({ key }) {
    declared[key] = await session.liveliness().declareToken(key);
  },
  async livelinessGet({ key }) {
    const replies = [];
    for await (const reply of await session.liveliness().get(key)) replies.push(reply.result().keyexpr().toString());
    return replies;
  },
  async undeclare({ key }) {
    await declared[key].undeclare();
  },
  async received({ key }) {
    return received[key];
  },
  async put({ key, body, attachment, encoding, timestamped }) {
    const timestamp = timestamped ? await session.newTimestamp() : undefined;
    await session.put(key, payload(body), {
      attachment,
      encoding: encoding && Encoding.fromString(encoding),
      timestamp,
      priority: Priority.REAL_TIME,
      congestionControl: CongestionControl.BLOCK,
      express: true,
    });
    return timestamp?.getNtp64().toString();
  },
  async delete({ key }) {
    await session.delete(key);
  },
  async publisher({ key }) {
    declared[key] = await session.declarePublisher(key, { encoding: Encoding.TEXT_PLAIN });
    const { handler } = collect(`${key} matching`);
    await declared[key].matchingListener({ handler: (status) => handler(status.matching()) });
    return (await declared[key].matchingStatus()).matching();
  },
  async publish({ key, body }) {
    await declared[key].put(payload(body));
  },
  async get({ selector, body, attachment }) {
    const replies = [];
    const asked = await session.get(selector, { payload: body && new ZBytes(payload(body)), attachment });
    for await (const reply of asked) replies.push(replyFacts(reply));
    return replies;
  },
  async querier({ key, parameters }) {
    const querier = await session.declareQuerier(key);
    const matching = (await querier.matchingStatus()).matching();
    const replies = [];
    for await (const reply of await querier.get(parameters)) replies.push(replyFacts(reply));
    await querier.undeclare();
    return { matching, replies };
  },
  async queryable({ key }) {
    declared[key] = await session.declareQueryable(key, {
      handler: async (query) => {
        const name = query.keyExpr().toString();
        if (query.parameters().toString() === 'error') await query.replyErr('no');
        else if (query.parameters().toString() === 'delete') await query.replyDel(name);
        else await query.reply(name, query.payload()?.toBytes() ?? 'nothing', { attachment: query.attachment() });
        await query.finalize();
      },
    });
  },
};

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
send({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, arguments: args } = JSON.parse(line);
  try {
    send({ id, result: await operations[op](args) });
  } catch (error) {
    send({ id, error: `${error}` });
  }
}
await session?.close();
