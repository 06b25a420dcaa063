// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { KeyTemplate } from '../../topic/key-template.js';
import { CodegenError } from '../codegen-error.js';
import type { StructNode } from '../model.js';
import type { Module } from './module.js';
import { constantName } from './names.js';
import { quoted } from './quoted.js';

/** The annotations of zenoh.capnp, by their ids. */
const KEY = 0xfc058ad4859155d5n;
const PRIORITY = 0x8294707ad060c108n;
const CONGESTION_CONTROL = 0xfcd05f50e0014f14n;
const RELIABILITY = 0xdc6f11ead0f9a96en;
const EXPRESS = 0x8467fd67150589d6n;
const PACKED = 0xf78c4f2d14e299d1n;

const PRIORITIES = ['realTime', 'interactiveHigh', 'interactiveLow', 'dataHigh', 'data', 'dataLow', 'background'];

/** Its enums, in their order there. The names in the API of zenoh follow from these. */
const ENUMS = new Map([
  [PRIORITY, { enumName: 'Priority', option: 'priority', values: PRIORITIES }],
  [
    CONGESTION_CONTROL,
    { enumName: 'CongestionControl', option: 'congestionControl', values: ['drop', 'block', 'blockFirst'] },
  ],
  [RELIABILITY, { enumName: 'Reliability', option: 'reliability', values: ['bestEffort', 'reliable'] }],
]);

const FLAGS = new Map([
  [EXPRESS, 'express'],
  [PACKED, 'packed'],
]);

/** Functions of the topic that the class offers itself, and what they say. */
const FORWARDED = [
  ['declarePublisher', (key: string) => `Declares a publisher on ${key}.`],
  ['declareSubscriber', (key: string) => `Declares a subscriber of ${key}. Parameters left out are any.`],
  ['subscribe', (key: string) => `Messages on ${key}, for \`for await\`. Parameters left out are any.`],
  ['declareQueryable', (key: string) => `Declares a queryable that answers on ${key}.`],
  ['get', (key: string) => `Asks the queryables on ${key}, for \`for await\`. Parameters left out are any.`],
] as const;

/** What the annotations of zenoh.capnp ask for: the topic of a struct, and its functions. */
export function writeTopic(struct: StructNode, className: string, module: Module): void {
  const options: string[] = [];
  let key: string | undefined;
  for (const { id, value } of struct.annotations) {
    const asEnum = ENUMS.get(id);
    const flag = FLAGS.get(id);
    if (id === KEY) key = checkedKey(value, struct);
    else if (asEnum !== undefined) {
      const name = typeof value === 'number' ? asEnum.values[value] : undefined;
      if (name === undefined) throw invalid(struct, `${asEnum.option} has no value ${String(value)}`);
      options.push(`${asEnum.option}: $.${asEnum.enumName}.${constantName(name)},`);
    } else if (flag !== undefined) {
      if (typeof value !== 'boolean') throw invalid(struct, `${flag} is not true or false`);
      options.push(`${flag}: ${value},`);
    }
  }
  if (key === undefined) {
    if (options.length === 0) return;
    throw invalid(struct, 'without a key the other annotations say nothing: add $Zenoh.key("...")');
  }
  const { lines } = module;
  const name = `\`${key}\``;
  lines.doc(`Messages of this type on ${name}, with the encoding and the quality of service of the schema.`);
  lines.block(
    `static readonly topic = $.topic(${className}.codec, {`,
    () => {
      lines.line(`key: ${quoted(key)},`);
      for (const option of options) lines.line(option);
    },
    '});',
  );
  for (const [method, said] of FORWARDED) {
    lines.doc(said(name));
    lines.assign(`static readonly ${method}`, `${className}.topic.${method};`);
  }
}

/** A wrong key fails when code is generated, not when it runs. */
function checkedKey(value: unknown, struct: StructNode): string {
  if (typeof value !== 'string') throw invalid(struct, 'the key is no text');
  try {
    return new KeyTemplate(value).text;
  } catch (cause) {
    throw invalid(struct, cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(struct: StructNode, why: string): CodegenError {
  return new CodegenError('ANNOTATION_INVALID', `${struct.displayName}: ${why}`);
}
