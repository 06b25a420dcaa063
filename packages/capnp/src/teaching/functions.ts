// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Pointer, utils } from 'capnp-es';
import { pointerFields } from '../building/pointer-fields.js';
import { scalarFields } from '../building/scalar-fields.js';
import { readOnly } from '../errors.js';
import { checkedCopy } from '../reading/checked-copy.js';
import { numbers } from '../reading/fields.js';
import { pointers } from '../reading/pointers.js';
import { type Function5, teachFunction } from './dispatch.js';
import { teachListClass } from './list-classes.js';

/** capnp-es's getters, and where among their arguments the pointer is that they read by. */
const GETTERS: Readonly<Record<string, number>> = {
  ...every(numbers, 1),
  getAs: 1,
  getData: 1,
  getList: 2,
  getPointer: 1,
  getPointerAs: 2,
  getStruct: 2,
  getText: 1,
  testWhich: 3,
};

/** capnp-es's setters, and where among their arguments the pointer is that they write to. */
const SETTERS: Readonly<Record<string, number>> = {
  adopt: 1,
  copyFrom: 1,
  disown: 0,
  erase: 0,
  erasePointer: 0,
  initData: 2,
  initList: 3,
  initPointer: 2,
  initStruct: 1,
  initStructAt: 2,
  relocateTo: 0,
  resize: 1,
  setBit: 2,
  setFarPointer: 3,
  setFloat32: 2,
  setFloat64: 2,
  setInt16: 2,
  setInt32: 2,
  setInt64: 2,
  setInt8: 2,
  setInterfacePointer: 1,
  setListPointer: 3,
  setStructPointer: 2,
  setText: 2,
  setUint16: 2,
  setUint32: 2,
  setUint64: 2,
  setUint8: 2,
};

/** Teaches capnp-es's `utils`, which every generated class calls by name. */
export function teachFunctions(): void {
  const reading: Readonly<Record<string, Function5>> = { ...numbers, ...pointers };
  const building: Readonly<Record<string, Function5>> = { ...scalarFields, ...pointerFields };
  for (const [name, index] of Object.entries(GETTERS)) {
    teachFunction(name, index, { reading: reading[name], building: building[name] });
  }
  // Before the setter of the same name, which decides by where it writes to: this is for messages of capnp-es's own.
  teachFunction('copyFrom', 0, { reading: copyOut });
  for (const [name, index] of Object.entries(SETTERS)) {
    teachFunction(name, index, { reading: refuse, building: building[name] });
  }
  for (const name of ['getList', 'initList']) teachLists(name);
}

/** What is received goes into a message of capnp-es's own by way of a checked copy: capnp-es copies without limits. */
function copyOut(from: Pointer, to: Pointer): void {
  utils.copyFrom(checkedCopy(from), to);
}

/** A list class is taught when a list of it is first asked for, whatever the message. */
function teachLists(name: string): void {
  const functions = utils as unknown as Record<string, Function5>;
  const then = functions[name] as Function5;
  functions[name] = (index, Class, c, d) => {
    teachListClass(Class);
    return then(index, Class, c, d);
  };
}

function refuse(): never {
  throw readOnly();
}

function every(functions: object, index: number): Record<string, number> {
  return Object.fromEntries(Object.keys(functions).map((name) => [name, index]));
}
