// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeFormat, KeFormatError, type KeyExpr } from '@zenoh-segments/core';
import { quoted } from './quoted.js';

/** What a parameter of a key can be set to. */
export type KeyValue = string | number | bigint;

type ParamName<Key extends string> = Key extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamName<Rest>
  : never;

/** A value for each `{name}` of a key; any names when the compiler does not know the key. */
export type KeyParams<Key extends string> = string extends Key
  ? Readonly<Record<string, KeyValue>>
  : { readonly [Name in ParamName<Key>]: KeyValue };

/** Some of the parameters. */
export type SomeParams<Params> = { readonly [Name in keyof Params]?: Params[Name] | undefined };

/** The text of each parameter, as found in a key; `*` where a key expression leaves it open. */
export type ReceivedParams<Params> = { readonly [Name in keyof Params]: string };

const CHUNK = /^\{([A-Za-z]\w*)\}$/;
/** What would make a value more than one chunk, or a wildcard. */
const RESERVED = /[/*$?#]/;

/** The text of a topic's key: `robots/{robot}/telemetry`. */
export class KeyTemplate<Params> {
  readonly text: string;
  readonly #format: KeFormat;

  /** @throws {KeFormatError} `KEY_FORMAT_INVALID`: the message says why */
  constructor(text: string) {
    this.text = text;
    const names = new Set<string>();
    const chunks = text.split('/').map((chunk) => {
      const name = CHUNK.exec(chunk)?.[1];
      const fault =
        name === undefined ? faultOf(chunk) : names.has(name) && `two parameters are called ${quoted(name)}`;
      if (fault) throw new KeFormatError('KEY_FORMAT_INVALID', `${quoted(text)} is no key of a topic: ${fault}`);
      if (name === undefined) return chunk;
      names.add(name);
      return `\${${name}:*}`;
    });
    this.#format = KeFormat.from(chunks.join('/'));
  }

  /** The names of the parameters, in their order. */
  names(): string[] {
    return this.#format.ids();
  }

  /**
   * The key with these parameters, and `open` in the place of each that is left out.
   *
   * @throws {KeFormatError} `KEY_FORMAT_MISMATCH` for a value that is not one chunk of a key, with the parameter's name as
   * `field`; `INVALID_ARGUMENT` for one of another kind, an unknown name and, without `open`, a missing one
   */
  key(params: SomeParams<Params>, open?: '*'): KeyExpr {
    const given = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
    const values = this.#format.ids().map((name) => {
      const value = given.get(name);
      given.delete(name);
      if (value !== undefined) return [name, valueText(name, value)] as const;
      if (open !== undefined) return [name, open] as const;
      throw new KeFormatError('INVALID_ARGUMENT', `${quoted(this.text)} needs a value for \`${name}\``, name);
    });
    const [unknown] = given.keys();
    if (unknown !== undefined) {
      throw new KeFormatError('INVALID_ARGUMENT', `${quoted(this.text)} has no parameter ${quoted(unknown)}`, unknown);
    }
    return this.#format.format(Object.fromEntries(values));
  }

  /** The parameters of a key that a subscriber or queryable of this template received. */
  parse(key: KeyExpr): ReceivedParams<Params> {
    return this.#format.parse(key) as ReceivedParams<Params>;
  }
}

/** Why a chunk that is no parameter can't be in a key. */
function faultOf(chunk: string): string | undefined {
  if (chunk === '') return 'a chunk is empty';
  if (chunk.includes('*') && !/[{}]/.test(chunk)) return 'a key has no wildcards';
  if (!/[{}$?#]/.test(chunk)) return undefined;
  return `${quoted(chunk)} is neither a parameter, \`{name}\`, nor without \`{\`, \`}\`, \`$\`, \`?\` and \`#\``;
}

/** Whether a parameter of a key expression is left open. */
export function isOpen(value: string): boolean {
  return /[*$]/.test(value);
}

function valueText(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw new KeFormatError('INVALID_ARGUMENT', `\`${name}\` must be a text or a number, not ${typeof value}`, name);
  }
  const text = String(value);
  if (text !== '' && !RESERVED.test(text)) return text;
  const why = 'it must be one chunk of a key: not empty, and without `/`, `*`, `$`, `?` and `#`';
  throw new KeFormatError('KEY_FORMAT_MISMATCH', `\`${name}\` can't be ${quoted(text)}: ${why}`, name);
}
