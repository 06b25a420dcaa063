// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Messages of zenoh's remote-api protocol, written by hand: what a client may send, and what it may not.

export const u8 = (value: number) => Buffer.from([value]);

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** A length, in groups of seven bits. */
export function count(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

export const bytes = (value: Uint8Array) => Buffer.concat([count(value.length), value]);
export const text = (value: string) => bytes(Buffer.from(value));
const some = (value: Uint8Array) => Buffer.concat([u8(1), value]);
const none = u8(0);
const encoding = Buffer.concat([u16(0), text('schema')]);
const timestamp = some(Buffer.concat([u64(7_700_000_000_000_000_000n), bytes(Buffer.alloc(16, 1))]));
/** DATA, BLOCK, reliable, anywhere. */
export const QOS = 5 | 8 | 32 | 128;
const settings = u8(0);
const extras = Buffer.concat([some(text('attached')), timestamp]);
const question = Buffer.concat([text('a=1'), some(text('payload')), some(encoding), some(text('attached'))]);

/** The numbers of messages to a server. */
export const ASK = {
  declarePublisher: 0,
  undeclarePublisher: 1,
  declareSubscriber: 2,
  declareQueryable: 4,
  declareToken: 8,
  getSessionInfo: 12,
  put: 14,
  publisherPut: 16,
  get: 18,
  replyOk: 21,
  responseFinal: 24,
  ping: 25,
} as const;

/** The numbers of messages from a server. */
export const TOLD = { pong: 0, ok: 1, error: 2, sample: 5, query: 6, reply: 7, responseFinal: 8 } as const;

export interface Message {
  readonly name: string;
  readonly id: number;
  readonly body: Buffer;
}

/** One of each message, well-formed, in the order of their numbers. */
export function everyMessage(): Message[] {
  const one = (name: string, ...parts: Uint8Array[]) => ({ name, body: Buffer.concat(parts) });
  const undeclare = (name: string, id: number) => one(`Undeclare${name}`, u32(id));
  const key = text('serve/hostile');
  return [
    one('DeclarePublisher', u32(1), key, encoding, u8(QOS)),
    undeclare('Publisher', 901),
    one('DeclareSubscriber', u32(2), key, u8(2)),
    undeclare('Subscriber', 902),
    one('DeclareQueryable', u32(3), key, u8(1), u8(2)),
    undeclare('Queryable', 903),
    one('DeclareQuerier', u32(4), key, u8(QOS), settings, u32(1000)),
    undeclare('Querier', 904),
    one('DeclareLivelinessToken', u32(5), key),
    undeclare('LivelinessToken', 905),
    one('DeclareLivelinessSubscriber', u32(6), key, u8(1)),
    undeclare('LivelinessSubscriber', 906),
    one('GetSessionInfo'),
    one('GetTimestamp'),
    one('Put', key, text('payload'), encoding, extras, u8(QOS)),
    one('Delete', key, extras, u8(QOS)),
    one('PublisherPut', u32(1), text('payload'), some(encoding), extras),
    one('PublisherDelete', u32(1), extras),
    one('Get', u32(7), text('serve/nobody'), question, u8(QOS), settings, u32(100)),
    one('QuerierGet', u32(8), u32(4), question),
    one('LivelinessGet', u32(9), key, u32(100)),
    one('ReplyOk', u32(77), key, text('payload'), encoding, extras, u8(QOS)),
    one('ReplyDel', u32(77), key, extras, u8(QOS)),
    one('ReplyErr', u32(77), text('payload'), encoding),
    one('QueryResponseFinal', u32(77)),
    one('Ping'),
    one('PublisherDeclareMatchingListener', u32(10), u32(1)),
    undeclare('MatchingListener', 910),
    one('PublisherGetMatchingStatus', u32(1)),
    one('QuerierDeclareMatchingListener', u32(11), u32(4)),
    one('QuerierGetMatchingStatus', u32(4)),
    one('GetTransports'),
    one('GetLinks'),
    one('DeclareTransportEventsListener', u32(12), u8(1)),
    undeclare('TransportEventsListener', 912),
    one('DeclareLinkEventsListener', u32(13), u8(1)),
    undeclare('LinkEventsListener', 913),
  ].map((message, id) => ({ ...message, id }));
}

/** A whole message; with a sequence id, it asks for an answer. */
export function message(id: number, sequence: number | undefined, ...parts: Uint8Array[]): Buffer {
  const header = sequence === undefined ? u8(id) : Buffer.concat([u8(id | 0x80), u32(sequence)]);
  return Buffer.concat([header, ...parts]);
}

export const subscribe = (id: number, key: string) => [u32(id), text(key), u8(2)];
export const put = (key: string, payload: Uint8Array, qos = QOS) => [
  text(key),
  bytes(payload),
  u16(0),
  text(''),
  none,
  none,
  u8(qos),
];
