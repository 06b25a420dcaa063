// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { initElement, type MessageBuilder } from '@zenoh-segments/capnp';
import type { Data } from 'capnp-es';
import type { Kinds, Place } from '../../golden/capnp/kinds.js';
import type { Random } from '../../support/random.js';
import { ADOPTED_LISTS } from '../../unit/capnp/adopted-lists.js';

/** A struct as `capnp convert binary:json` writes it: 64-bit numbers are texts, absent pointers are left out. */
export type Model = Record<string, unknown>;

export function emptyKinds(): Model {
  return {
    int8: -5,
    int16: -300,
    int32: -70_000,
    int64: '-5000000000',
    uint8: 200,
    uint16: 60_000,
    uint32: 4_000_000_000,
    uint64: '18000000000000000000',
    float32: 1.5,
    float64: -2.25,
    bit: true,
  };
}

const TEXTS = ['', 'a', 'seven b', 'eight by', 'Messgerät', 'a longer text that takes a few words'];

/** Makes random changes to a message and to the model of what it should be. */
export class Changes {
  readonly #message: MessageBuilder;
  readonly #random: Random;

  constructor(message: MessageBuilder, random: Random) {
    this.#message = message;
    this.#random = random;
  }

  change(root: Kinds, model: Model, depth = 0): void {
    const changes = [
      this.scalar,
      this.text,
      this.data,
      this.numbers,
      this.numbers,
      this.places,
      this.place,
      this.texts,
      this.datas,
      this.nested,
      this.moved,
      this.bits,
    ];
    const inside = depth < 3 && this.#random.chance(0.4);
    if (inside) this.child(root, model, depth);
    else this.#random.pick(changes).call(this, root, model);
  }

  scalar(root: Kinds, model: Model): void {
    const n = this.#random.below(200) - 100;
    const value = BigInt(n) * 90_000_000_000_000_000n;
    Object.assign(root, { int8: n, int32: n * 20_000_000, uint32: (n + 100) * 20_000_000, float64: n / 8, bit: n > 0 });
    Object.assign(model, {
      int8: n,
      int32: n * 20_000_000,
      uint32: (n + 100) * 20_000_000,
      float64: n / 8,
      bit: n > 0,
    });
    Object.assign(root, { int64: value, uint64: BigInt.asUintN(64, value), uint16: n + 100, float32: n / 4 });
    model.int64 = String(value);
    model.uint64 = String(BigInt.asUintN(64, value));
    Object.assign(model, { uint16: n + 100, float32: n / 4 });
  }

  text(root: Kinds, model: Model): void {
    model.text = root.text = this.#random.pick(TEXTS);
  }

  data(root: Kinds, model: Model): void {
    const bytes = this.#bytes();
    if (this.#random.chance(0.5)) root._adoptData(this.#message.adoptData(bytes));
    else root._initData(bytes.length).copyBuffer(bytes);
    model.data = [...bytes];
  }

  numbers(root: Kinds, model: Model): void {
    const [, field, make] = this.#random.pick(ADOPTED_LISTS);
    const numbers = make(this.#random.below(6));
    if (this.#random.chance(0.5)) {
      root[`_adopt${field}`](this.#message.adoptList(numbers as never) as never);
    } else {
      const list = root[`_init${field}`](numbers.length);
      for (let i = 0; i < numbers.length; i++) list.set(i, numbers[i] as never);
    }
    const name = `${field[0]?.toLowerCase()}${field.slice(1)}`;
    model[name] = Array.from<number | bigint, unknown>(numbers, (each) =>
      typeof each === 'bigint' ? String(each) : each,
    );
  }

  bits(root: Kinds, model: Model): void {
    const count = this.#random.below(20);
    const bits = root._initBits(count);
    model.bits = Array.from({ length: count }, (_, i) => {
      const value = this.#random.chance(0.5);
      bits.set(i, value);
      return value;
    });
  }

  places(root: Kinds, model: Model): void {
    const places = model.places as Model[] | undefined;
    if (places !== undefined && places.length > 0 && this.#random.chance(0.6)) {
      const to = this.#random.below(places.length);
      if (this.#random.chance(0.5)) {
        places[to] = this.#place(root.places.get(to), places[to] as Model);
        return;
      }
      const from = this.#random.below(places.length);
      root.places.set(to, root.places.get(from));
      places[to] = structuredClone(places[from]) as Model;
      return;
    }
    const count = this.#random.below(5);
    const list = root._initPlaces(count);
    model.places = Array.from({ length: count }, (_, i) => this.#place(list.get(i), { x: -70_000 }));
  }

  place(root: Kinds, model: Model): void {
    model.place = this.#place(root._initPlace(), { x: -70_000 });
  }

  #place(place: Place, model: Model): Model {
    const changed = { ...model, x: this.#random.below(1000) };
    place.x = changed.x;
    if (this.#random.chance(0.3)) return changed;
    place.label = this.#random.pick(TEXTS);
    return { ...changed, label: place.label };
  }

  texts(root: Kinds, model: Model): void {
    const texts = model.texts as string[] | undefined;
    if (texts === undefined || texts.length === 0 || this.#random.chance(0.4)) {
      const count = this.#random.below(5);
      root._initTexts(count);
      model.texts = Array(count).fill('');
      return;
    }
    const at = this.#random.below(texts.length);
    texts[at] = this.#random.pick(TEXTS);
    root.texts.set(at, texts[at] as string);
  }

  datas(root: Kinds, model: Model): void {
    const datas = (model.datas as number[][] | undefined) ?? [];
    if (datas.length === 0) {
      root._initDatas(3);
      model.datas = [[], [], []];
      return;
    }
    const at = this.#random.below(datas.length);
    const bytes = this.#bytes();
    if (this.#random.chance(0.5)) this.#message.adoptData(bytes)._moveTo(root.datas.get(at) as Data);
    else initElement(root.datas, at, bytes.length).copyBuffer(bytes);
    datas[at] = [...bytes];
  }

  nested(root: Kinds, model: Model): void {
    const rows = [this.#random.below(4), this.#random.below(4)];
    const lists = root._initNestedPlaces(rows.length);
    model.nestedPlaces = rows.map((count, row) => {
      const list = initElement(lists, row, count);
      return Array.from({ length: count }, (_, i) => this.#place(list.get(i), { x: -70_000 }));
    });
  }

  /** Between fields and structs, by disowning and by copying. */
  moved(root: Kinds, model: Model): void {
    if (model.places === undefined) return;
    if (this.#random.chance(0.5)) {
      root._adoptPlaces(root._disownPlaces());
      return;
    }
    const child = root._initChild();
    model.child = emptyKinds();
    child._adoptPlaces(root._disownPlaces());
    (model.child as Model).places = model.places;
    delete model.places;
  }

  child(root: Kinds, model: Model, depth: number): void {
    if (model.child === undefined || this.#random.chance(0.1)) {
      root._initChild();
      model.child = emptyKinds();
    } else if (this.#random.chance(0.05)) {
      // What is copied has what is replaced inside.
      const copy = structuredClone(model);
      root.child = root;
      model.child = copy;
    }
    this.change(root.child, model.child as Model, depth + 1);
  }

  #bytes(): Uint8Array {
    return Uint8Array.from({ length: this.#random.below(30) }, () => this.#random.below(256));
  }
}
