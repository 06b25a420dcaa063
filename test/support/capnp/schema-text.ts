// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { random } from '../random.js';

/**
 * Random schemas in Cap'n Proto's schema language. Each struct `S3` has an older self, `S3Old`: the same members as far
 * as they had been numbered then, with the same layout by the rules of the language. What was a union of one member is
 * a plain field there, and a list of structs (`U0`) a list of what became their first field.
 *
 * The name of a field tells what an AnyPointer holds: `anyText4` a text, `anyS2x4` a struct `S2`.
 */

type Below = (below: number) => number;
/** How a type or a value reads in the schema of that age. */
type Text = (old: boolean) => string;

interface Slot {
  readonly name: string;
  readonly type: Text;
  readonly value?: Text;
  ordinal: number;
}

interface Scope {
  readonly name: string;
  readonly isUnion: boolean;
  readonly members: Member[];
}

type Member = Slot | Scope;

const INTEGERS = ['Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64'] as const;
const SCALARS = ['Void', 'Bool', ...INTEGERS, 'Float32', 'Float64'] as const;
/** What a list may hold that later became a list of structs; a list of Bool may not. */
const UPGRADED = [...INTEGERS, 'Float32', 'Float64', 'Text', 'Data', 'E0', 'Void'] as const;
const ENUMERANTS = 5;

/** The text of a schema with the root structs `S0` and `S0Old`; `anyPointers: false` for a judge that can't print them. */
export function randomSchema(seed: number, { anyPointers = true } = {}): string {
  const below = random(seed);
  const structs = 2 + below(4);
  const upgrades = UPGRADED.filter(() => below(4) === 0).slice(0, 3);
  if (upgrades.length === 0) upgrades.push('UInt32');
  const id = (0x8000_0000_0000_0000n | BigInt(seed >>> 0) | (BigInt(below(2 ** 31)) << 32n)).toString(16);
  const lines = [`@0x${id};`, `enum E0 { ${Array.from({ length: ENUMERANTS }, (_, i) => `e${i} @${i};`).join(' ')} }`];
  upgrades.forEach((type, i) => {
    lines.push(`struct U${i} { v @0 :${type}; more @1 :UInt16 = ${below(1000)}; text @2 :Text; }`);
  });
  for (let i = 0; i < structs; i++) lines.push(...new StructText(below, i, structs, upgrades, anyPointers).lines());
  return `${lines.join('\n')}\n`;
}

class StructText {
  readonly #below: Below;
  readonly #index: number;
  readonly #structs: number;
  readonly #upgrades: readonly string[];
  readonly #anyPointers: boolean;
  readonly #members: Member[] = [];
  readonly #slots: Slot[] = [];

  constructor(below: Below, index: number, structs: number, upgrades: readonly string[], anyPointers: boolean) {
    this.#below = below;
    this.#index = index;
    this.#structs = structs;
    this.#upgrades = upgrades;
    this.#anyPointers = anyPointers;
    const count = 1 + below(index === 0 ? 14 : 8);
    for (let i = 0; i < count; i++) this.#members.push(this.#member(0));
    // One anonymous union a struct.
    if (below(3) === 0) this.#members.push(this.#scope('', true, 1));
    this.#number();
  }

  lines(): string[] {
    const kept = this.#slots.length - this.#below(this.#slots.length);
    return [
      `struct S${this.#index} {${this.#print(this.#members, false, this.#slots.length)} }`,
      `struct S${this.#index}Old {${this.#print(this.#members, true, kept)} }`,
    ];
  }

  /**
   * Ordinals in any order, as fields are added at any place over the years; but in order where a union holds groups:
   * the compiler refuses some orders there, which an old version of it got wrong.
   */
  #number(): void {
    if (this.#members.some((member) => isScope(member) && hasGroupInUnion(member))) {
      this.#slots.forEach((slot, i) => {
        slot.ordinal = i;
      });
      return;
    }
    const ordinals = this.#slots.map((_, i) => i);
    for (const slot of this.#slots) slot.ordinal = ordinals.splice(this.#below(ordinals.length), 1)[0]!;
  }

  #member(depth: number, inUnion = false): Member {
    const which = this.#below(10);
    if (depth < 2 && which === 0) return this.#scope(`g${this.#slots.length}`, false, depth + 1, inUnion);
    if (depth < 2 && which === 1) return this.#scope(`u${this.#slots.length}`, true, depth + 1, inUnion);
    return this.#slot(inUnion && depth > 1);
  }

  #scope(name: string, isUnion: boolean, depth: number, inUnion = false): Scope {
    const members: Member[] = [this.#slot(inUnion)];
    const more = 1 + this.#below(3);
    for (let i = 0; i < more; i++) members.push(this.#member(depth, inUnion || isUnion));
    return { name, isUnion, members };
  }

  /** With `inGroup` for a member of a group in a union, the other thing that the compiler refuses: see `#number`. */
  #slot(inGroup = false): Slot {
    const field = this.#field(this.#slots.length, inGroup);
    const slot = { ...field, ordinal: 0 };
    this.#slots.push(slot);
    return slot;
  }

  #field(number: number, inGroup: boolean): Omit<Slot, 'ordinal'> {
    const name = `f${number}`;
    const kind = this.#below(16);
    if (kind <= 6 && inGroup) return { name, type: same(this.#pick(['UInt64', 'Int64', 'Float64'])) };
    if (kind < 6) {
      const type = this.#pick(SCALARS);
      return this.#withValue({ name, type: same(type) }, type === 'Void' ? undefined : () => same(this.#scalar(type)));
    }
    if (kind === 6) return this.#withValue({ name, type: same('E0') }, () => same(this.#enumerant()));
    if (kind <= 8) return this.#withValue({ name, type: same('Text') }, () => same(this.#text()));
    if (kind === 9) return this.#withValue({ name, type: same('Data') }, () => same(this.#data()));
    if (kind === 10) return this.#withValue({ name, type: this.#struct() }, () => same('()'));
    if (kind === 11 && this.#anyPointers) {
      const target = this.#below(this.#structs);
      const suffix = this.#below(2) === 0 ? 'Text' : `S${target}x`;
      return { name: `any${suffix}${number}`, type: same('AnyPointer') };
    }
    if (kind === 11 || kind === 12) {
      const index = this.#below(this.#upgrades.length);
      return { name, type: (old) => (old ? `List(${this.#upgrades[index]})` : `List(U${index})`) };
    }
    if (kind === 13) {
      const type = this.#pick(SCALARS.filter((each) => each !== 'Void'));
      return this.#withValue({ name, type: same(`List(${type})`) }, () =>
        same(`[${this.#several(() => this.#scalar(type))}]`),
      );
    }
    return { name, type: this.#list(0) };
  }

  #list(depth: number): Text {
    const kind = this.#below(depth < 2 ? 8 : 5);
    if (kind < 2) return same(`List(${this.#pick(SCALARS)})`);
    if (kind === 2) return same(`List(${this.#pick(['Text', 'Data', 'E0'])})`);
    if (kind <= 4) {
      const struct = this.#struct();
      return (old) => `List(${struct(old)})`;
    }
    const inner = this.#list(depth + 1);
    return (old) => `List(${inner(old)})`;
  }

  #struct(): Text {
    const target = this.#below(this.#structs);
    return (old) => `S${target}${old ? 'Old' : ''}`;
  }

  #withValue(slot: Omit<Slot, 'ordinal' | 'value'>, value: (() => Text) | undefined): Omit<Slot, 'ordinal'> {
    return value !== undefined && this.#below(3) === 0 ? { ...slot, value: value() } : slot;
  }

  #scalar(type: string): string {
    if (type === 'Bool') return this.#pick(['true', 'false']);
    if (type.startsWith('Float')) return this.#pick(['0', '1.5', '-2.25', 'inf', '-inf', 'nan', '1e30', '-0.1']);
    const bits = BigInt(type.replace(/\D+/, ''));
    const value = BigInt.asUintN(
      Number(bits),
      this.#pick([0n, 1n, -1n, 1n << (bits - 1n), BigInt(this.#below(2 ** 31))]),
    );
    return String(type.startsWith('U') ? value : BigInt.asIntN(Number(bits), value));
  }

  #enumerant(): string {
    return `e${this.#below(ENUMERANTS)}`;
  }

  #text(): string {
    return JSON.stringify(this.#pick(['', 'text', 'Zürich – 東京', 'x'.repeat(40), '"\\']));
  }

  #data(): string {
    return `0x"00 ${this.#several(() => this.#below(256).toString(16).padStart(2, '0'), ' ')}"`;
  }

  #several(make: () => string, separator = ', '): string {
    return Array.from({ length: this.#below(6) }, make).join(separator);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)]!;
  }

  /** The members with an ordinal below `kept`. */
  #print(members: readonly Member[], old: boolean, kept: number): string {
    let text = '';
    for (const member of members) {
      if (!isScope(member)) {
        if (member.ordinal >= kept) continue;
        const value = member.value === undefined ? '' : ` = ${member.value(old)}`;
        text += ` ${member.name} @${member.ordinal} :${member.type(old)}${value};`;
        continue;
      }
      const living = member.members.filter((each) => lives(each, kept));
      if (living.length === 0) continue;
      const inner = this.#print(living, old, kept);
      const isUnion = member.isUnion && living.length > 1;
      if (member.name !== '') text += ` ${member.name} :${isUnion ? 'union' : 'group'} {${inner} }`;
      else text += isUnion ? ` union {${inner} }` : inner;
    }
    return text;
  }
}

function lives(member: Member, kept: number): boolean {
  return isScope(member) ? member.members.some((each) => lives(each, kept)) : member.ordinal < kept;
}

function hasGroupInUnion(scope: Scope): boolean {
  const inner = scope.members.filter(isScope);
  return (scope.isUnion && inner.length > 0) || inner.some(hasGroupInUnion);
}

function isScope(member: Member): member is Scope {
  return 'members' in member;
}

function same(text: string): Text {
  return () => text;
}
