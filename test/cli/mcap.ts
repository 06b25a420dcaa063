// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Channel, McapIndexedReader, McapWriter, type McapWriterOptions, type Message } from '@mcap/core';
import { pythonPath } from '../support/peers.js';

/** A message as the standard reader gives it. */
export interface McapMessage {
  readonly topic: string;
  readonly encoding: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly logTime: string;
  readonly publishTime: string;
  readonly sequence: number;
  readonly hex: string;
}

const PYTHON = `
import json, sys
from mcap.reader import make_reader
with open(sys.argv[1], "rb") as file:
    reader = make_reader(file, validate_crcs=True)
    summary = reader.get_summary()
    messages = [
        dict(topic=c.topic, encoding=c.message_encoding, metadata=c.metadata, logTime=str(m.log_time),
             publishTime=str(m.publish_time), sequence=m.sequence, hex=m.data.hex())
        for _, c, m in reader.iter_messages()
    ]
    assert summary.statistics.message_count == len(messages), summary.statistics
    chunks = [c.compression for c in summary.chunk_indexes]
    assert summary.statistics.chunk_count == len(chunks)
    print(json.dumps(dict(messages=messages, chunks=chunks)))
`;

/** What the format's own reader in Python finds in a file, checksums checked. */
export function readByPython(path: string): { readonly messages: McapMessage[]; readonly chunks: string[] } {
  const { status, stdout, stderr } = spawnSync(pythonPath(), ['-c', PYTHON, path], { maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as ReturnType<typeof readByPython>;
}

/** The messages of a complete file, by the format's own reader. */
export async function readMcap(path: string): Promise<{ readonly channel: Channel; readonly message: Message }[]> {
  const bytes = readFileSync(path);
  const readable = {
    size: async () => BigInt(bytes.byteLength),
    read: async (offset: bigint, length: bigint) => bytes.subarray(Number(offset), Number(offset + length)),
  };
  const reader = await McapIndexedReader.Initialize({ readable });
  const messages: { readonly channel: Channel; readonly message: Message }[] = [];
  for await (const message of reader.readMessages()) {
    messages.push({ channel: reader.channelsById.get(message.channelId) as Channel, message });
  }
  return messages;
}

/** A message for {@link writeMcap}; times in milliseconds. */
export interface Written {
  readonly topic: string;
  readonly time: number;
  readonly data: string;
  readonly encoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A file of the format's own writer. @returns the path */
export async function writeMcap(
  path: string,
  messages: readonly Written[],
  options: Partial<McapWriterOptions> = {},
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let position = 0n;
  const writable = {
    position: () => position,
    write: async (chunk: Uint8Array) => {
      chunks.push(chunk.slice());
      position += BigInt(chunk.byteLength);
    },
  };
  const writer = new McapWriter({ writable, ...options });
  await writer.start({ profile: '', library: 'test' });
  const channels = new Map<string, number>();
  let sequence = 0;
  for (const { topic, time, data, encoding = 'json', metadata = {} } of messages) {
    let channelId = channels.get(topic);
    if (channelId === undefined) {
      const info = { topic, messageEncoding: encoding, schemaId: 0, metadata: new Map(Object.entries(metadata)) };
      channelId = await writer.registerChannel(info);
      channels.set(topic, channelId);
    }
    const at = BigInt(time) * 1_000_000n;
    await writer.addMessage({ channelId, sequence: sequence++, logTime: at, publishTime: at, data: Buffer.from(data) });
  }
  await writer.end();
  writeFileSync(path, Buffer.concat(chunks));
  return path;
}
