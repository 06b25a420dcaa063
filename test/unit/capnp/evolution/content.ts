// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { type Point, Record, Record_Remark, Record_Result } from '../../../golden/capnp/evolution/new.js';
import {
  type Point as OldPoint,
  Record as OldRecord,
  Record_Result as OldResult,
} from '../../../golden/capnp/evolution/old.js';
import { hex } from '../../../support/peers-bytes.js';

/** Everything in a message, as test/peers/evolution_peer.py has it. */
export type Content = Readonly<{ [field: string]: unknown }>;

export const versions = { old: oldContent, new: newContent };
export type Version = keyof typeof versions;

function oldContent(message: Message): Content {
  const record = message.getRoot(OldRecord);
  const { result } = record;
  const known: { readonly [which: number]: () => Content } = {
    [OldResult.NOTHING]: () => ({ nothing: null }),
    [OldResult.CODE]: () => ({ code: result.code }),
  };
  return {
    id: record.id,
    name: record.name,
    color: record.color,
    result: known[result.which()]?.() ?? {},
    origin: oldPoint(record.origin),
    path: record.path.map(oldPoint),
    markers: record.markers.length,
    bytes: record.bytes.toArray(),
    shorts: record.shorts.toArray(),
    counts: record.counts.toArray(),
    weights: record.weights.toArray(),
    names: record.names.toArray(),
    blobs: record.blobs.map((each) => hex(each.toUint8Array())),
    rows: record.rows.map((each) => each.toArray()),
    points: record.points.map((each) => each.map(oldPoint)),
    speed: record.speed,
    note: record.note,
  };
}

function newContent(message: Message): Content {
  const record = message.getRoot(Record);
  const { motion, remark, result } = record;
  const known: { readonly [which: number]: () => Content } = {
    [Record_Result.NOTHING]: () => ({ nothing: null }),
    [Record_Result.CODE]: () => ({ code: result.code }),
    [Record_Result.FAILURE]: () => ({ failure: result.failure }),
  };
  return {
    id: record.id,
    name: record.name,
    color: record.color,
    result: known[result.which()]?.() ?? {},
    origin: newPoint(record.origin),
    path: record.path.map(newPoint),
    markers: record.markers.map(({ kind, text }) => ({ kind, text })),
    bytes: record.bytes.map(({ value, note }) => ({ value, note })),
    shorts: record.shorts.map(({ value, more }) => ({ value, more: Number(more) })),
    counts: record.counts.map(({ value, factor }) => ({ value, factor })),
    weights: record.weights.map(({ value, unit }) => ({ value, unit })),
    names: record.names.map(({ name, alias, rank }) => ({ name, alias, rank })),
    blobs: record.blobs.map(({ blob }) => ({ blob: hex(blob.toUint8Array()) })),
    rows: record.rows.map(({ values, title }) => ({ values: values.toArray(), title })),
    points: record.points.map(({ points, closed }) => ({ points: points.map(newPoint), closed })),
    motion: { speed: motion.speed, heading: motion.heading },
    remark: remark.which() === Record_Remark.NOTE ? { note: remark.note } : { rating: remark.rating },
    retries: record.retries,
    enabled: record.enabled,
    title: record.title,
    scale: record.scale.toArray(),
    target: newPoint(record.target),
    raw: hex(record.raw.toUint8Array()),
    serial: String(record.serial),
  };
}

function oldPoint({ x, y }: OldPoint): Content {
  return { x, y };
}

function newPoint({ x, y, z, label }: Point): Content {
  return { x, y, z, label };
}
