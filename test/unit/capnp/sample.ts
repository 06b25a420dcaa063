// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Message } from 'capnp-es';
import { Health, Telemetry, Telemetry_Extra } from '../../golden/capnp/telemetry.js';
import { sha256 } from '../../support/peers-bytes.js';

/** A message with every field set; its readings make it a few kilobytes. */
export function fullMessage(message = new Message()): Message {
  const root = message.initRoot(Telemetry);
  root.sequence = 0xfedcba9876543210n;
  root.timestamp = -1_700_000_000_000_000_000n;
  root.temperature = -273;
  root.active = true;
  root.flags = 0xa5;
  root.gain = 0.75;
  root.health = Health.DEGRADED;
  root.name = 'Messgerät 7 – été';
  root._initFrame(1001).copyBuffer(Uint8Array.from({ length: 1001 }, (_, i) => i % 251));
  const position = root._initPosition();
  position.latitude = 52.5;
  position.longitude = -13.25;
  position.altitude = 34.5;
  const readings = root._initReadings(40);
  for (let i = 0; i < 40; i++) {
    const reading = readings.get(i);
    reading.sensor = `sensor ${i}`;
    reading.value = i / 8;
    reading.health = i % 2 === 0 ? Health.OK : Health.FAILED;
  }
  const spectrum = root._initSpectrum(100);
  for (let i = 0; i < 100; i++) spectrum.set(i, Math.sqrt(i));
  const tags = root._initTags(3);
  ['a', '', 'ccc'].forEach((tag, i) => {
    tags.set(i, tag);
  });
  const marks = root._initMarks(11);
  for (let i = 0; i < 11; i++) marks.set(i, i % 3 === 0);
  root.extra.error = 'out of range';
  root._initNext().sequence = 2n;
  return message;
}

/** A message in which most fields are absent: reading them is where capnp-es writes. */
export function sparseMessage(): Message {
  const message = new Message();
  message.initRoot(Telemetry).sequence = 7n;
  return message;
}

/**
 * A message whose segments are as many as capnp-es can make: its first one has room for the root pointer only.
 * (capnp-es does not export its arenas, but takes their shape.)
 */
export function manySegments(): Message {
  const arena: Message['_capnp']['arena'] = { kind: 1, buffers: [new ArrayBuffer(8)] };
  return fullMessage(new Message(arena));
}

/** Everything in a message, absent fields included, as plain values. */
export function contentOf(message: Message): Record<string, unknown> {
  return structContent(message.getRoot(Telemetry));
}

function structContent(root: Telemetry): Record<string, unknown> {
  const { position, extra } = root;
  return {
    sequence: root.sequence,
    timestamp: root.timestamp,
    temperature: root.temperature,
    active: root.active,
    flags: root.flags,
    gain: root.gain,
    health: root.health,
    name: root.name,
    frame: bytesContent(root.frame.toUint8Array()),
    position: [position.latitude, position.longitude, position.altitude],
    readings: root.readings.map(({ sensor, value, health }) => ({ sensor, value, health })),
    spectrum: root.spectrum.toArray(),
    tags: root.tags.toArray(),
    marks: root.marks.toArray(),
    extra: extra.which() === Telemetry_Extra.ERROR ? extra.error : extra.which(),
    next: root._hasNext() ? root.next.sequence : undefined,
  };
}

/** Numbers; of many bytes their length and hash, as test/peers/capnp_peer.py has it. */
function bytesContent(bytes: Uint8Array): unknown {
  return bytes.length > 4096 ? { length: bytes.length, sha256: sha256(bytes) } : Array.from(bytes);
}

/** The ways a network may cut what was sent. */
export const slicings: ReadonlyArray<readonly [string, (segments: readonly Uint8Array[]) => Uint8Array[]]> = [
  ['as sent', (segments) => [...segments]],
  ['contiguous', (segments) => [joined(segments)]],
  ['misaligned by one', (segments) => [inside(joined(segments), 1)]],
  ...[1, 3, 7, 100, 1000].map(
    (size) => [`cut each ${size} B`, (segments: readonly Uint8Array[]) => cut(joined(segments), size)] as const,
  ),
];

export function joined(segments: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(segments));
}

/** The same bytes amid memory of others. */
export function inside(bytes: Uint8Array, offset: number): Uint8Array {
  const memory = new Uint8Array(bytes.length + offset + 64).fill(0xee);
  memory.set(bytes, offset);
  return memory.subarray(offset, offset + bytes.length);
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) slices.push(bytes.slice(at, at + size));
  return slices;
}

/** The whole memory that slices lie in, neighbours included. */
export function memoryOf(slices: readonly Uint8Array[]): Buffer {
  return Buffer.concat(slices.map((slice) => new Uint8Array(slice.buffer)));
}
