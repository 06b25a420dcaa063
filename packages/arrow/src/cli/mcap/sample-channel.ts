// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Priority, type Sample, SampleKind } from '@zenoh-segments/core';
import { ARROW_STREAM_MEDIA_TYPE } from '../../wire.js';

/**
 * What an MCAP channel says of the samples in it, for they all have it in common: the key is its topic, the rest is
 * metadata. Defaults are left out.
 *
 * | metadata | |
 * |---|---|
 * | `zenoh.encoding` | the encoding's text |
 * | `zenoh.kind` | `delete` for deletions |
 * | `zenoh.priority` | 1 to 7, unless 5 |
 * | `zenoh.express` | `true` for messages that are not batched |
 * | `zenoh.role` | `attachment` for a channel of attachments: each belongs to the message after it, with its sequence number and times |
 * | | `head` for a channel of heads: schema and dictionaries, as the start of an Arrow IPC stream, that bare batches of the key need |
 */
export interface SampleChannel {
  readonly key: string;
  readonly encoding: string;
  readonly deletion: boolean;
  readonly priority: Priority;
  readonly express: boolean;
}

interface ChannelRecord {
  readonly topic: string;
  readonly messageEncoding: string;
  readonly metadata: Map<string, string>;
}

/** No key has a `#` in it: a topic of attachments or heads is never another key's. */
const ATTACHMENT_TOPIC = '#attachment';
const HEAD_TOPIC = '#head';
const OCTETS = 'application/octet-stream';

/** Names of the registry (mcap.dev/spec/registry) for what describes itself; everything else keeps its zenoh name. */
const REGISTERED: ReadonlyMap<string, string> = new Map([
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/cbor', 'cbor'],
]);
/** Files of others: what the registry's names are in zenoh. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['json', 'application/json'],
  ['cbor', 'application/cbor'],
  ['cdr', 'application/cdr'],
  ['protobuf', 'application/protobuf'],
]);

export function channelOf(sample: Sample): SampleChannel {
  return {
    key: sample.keyexpr().toString(),
    encoding: sample.encoding().toString(),
    deletion: sample.kind() === SampleKind.DELETE,
    priority: sample.priority(),
    express: sample.express(),
  };
}

export function recordOf({ key, encoding, deletion, priority, express }: SampleChannel): ChannelRecord {
  const metadata = new Map([['zenoh.encoding', encoding]]);
  if (deletion) metadata.set('zenoh.kind', 'delete');
  if (priority !== Priority.DEFAULT) metadata.set('zenoh.priority', String(priority));
  if (express) metadata.set('zenoh.express', 'true');
  const name = encoding.split(';', 1)[0] as string;
  return { topic: key, messageEncoding: REGISTERED.get(name) ?? encoding, metadata };
}

export function attachmentRecordOf({ key }: SampleChannel): ChannelRecord {
  const metadata = new Map([['zenoh.role', 'attachment']]);
  return { topic: key + ATTACHMENT_TOPIC, messageEncoding: OCTETS, metadata };
}

export function isAttachmentRecord({ metadata }: ChannelRecord): boolean {
  return metadata.get('zenoh.role') === 'attachment';
}

export function headRecordOf(key: string): ChannelRecord {
  return {
    topic: key + HEAD_TOPIC,
    messageEncoding: ARROW_STREAM_MEDIA_TYPE,
    metadata: new Map([['zenoh.role', 'head']]),
  };
}

export function isHeadRecord({ topic, metadata }: ChannelRecord): boolean {
  return metadata.get('zenoh.role') === 'head' && topic.endsWith(HEAD_TOPIC);
}

/** The key whose batches need the heads of the channel. */
export function keyOfHeadRecord({ topic }: ChannelRecord): string {
  return topic.slice(0, -HEAD_TOPIC.length);
}

/** The other way round, also for a channel that something else wrote. */
export function channelOfRecord({ topic, messageEncoding, metadata }: ChannelRecord): SampleChannel {
  const priority = Number(metadata.get('zenoh.priority') ?? Priority.DEFAULT);
  return {
    // ROS topics start with a slash, which no key does.
    key: topic.replace(/^\/+|\/+$/g, ''),
    encoding: metadata.get('zenoh.encoding') ?? MEDIA_TYPES.get(messageEncoding) ?? OCTETS,
    deletion: metadata.get('zenoh.kind') === 'delete',
    priority: Priority[priority] === undefined ? Priority.DEFAULT : priority,
    express: metadata.get('zenoh.express') === 'true',
  };
}
