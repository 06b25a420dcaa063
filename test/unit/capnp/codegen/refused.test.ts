// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { generate, judged, requestOf } from './tool.js';

const ID = '@0xd7b1f4a3c0e85b01;';

function refusal(schemas: Readonly<Record<string, string>>) {
  try {
    generate(requestOf(schemas));
  } catch (error) {
    return error;
  }
  return 'nothing was refused';
}

/** An error of one schema, `a.capnp`. */
function refused(text: string, code: string, message: string): void {
  expect(refusal({ 'a.capnp': `${ID}\n${text}` })).toMatchObject({ name: 'CodegenError', code, message });
}

describe('names that would be the same in TypeScript', () => {
  const both = (one: string, other: string, name: string) =>
    `${one} and ${other} would both be '${name}' in TypeScript: rename one of them in the schema`;

  judged.each([
    [
      'a nested struct and a group',
      'struct Foo { struct Bar {} bar :group { x @0 :Int8; } }',
      both('a.capnp:Foo.bar', 'a.capnp:Foo.Bar', 'Foo_Bar'),
    ],
    [
      'a nested enum and the union of its struct',
      'struct Foo { enum Which { a @0; } union { x @0 :Int8; y @1 :Int8; } }',
      both('a.capnp:Foo.Which', 'the union of a.capnp:Foo', 'Foo_Which'),
    ],
    [
      'enumerants',
      'enum Color { darkBlue @0; darkBLUE @1; }',
      both('a.capnp:Color.darkBLUE', 'a.capnp:Color.darkBlue', 'DARK_BLUE'),
    ],
    [
      'constants',
      'const aB :Int8 = 1; const aBc :Int8 = 1; struct AB {} const ab :Int8 = 2;',
      both('a.capnp:ab', 'a.capnp:AB', 'AB'),
    ],
    [
      'a constant and a field of the union',
      'struct Foo { const dataBits :Int8 = 1; union { dataBITS @0 :Int8; other @1 :Int8; } }',
      both('a.capnp:Foo.dataBITS', 'a.capnp:Foo.dataBits', 'DATA_BITS'),
    ],
    [
      'a constant and an enum',
      'const color :Int8 = 1; enum COLOR { a @0; }',
      both('a.capnp:COLOR', 'a.capnp:color', 'COLOR'),
    ],
  ])('%s', (_, text, message) => {
    refused(text, 'NAME_COLLISION', message);
  });
});

describe('annotations with values that make no sense', () => {
  const using = 'using Zenoh = import "/zenoh.capnp";';
  // As a later or a wrong zenoh.capnp would have them.
  const other = `annotation priority @0x8294707ad060c108 (struct) :UInt16;
    annotation key @0xfc058ad4859155d5 (struct) :Text;
    annotation express @0x8467fd67150589d6 (struct) :Text;
    enum Late { a @0; b @1; c @2; d @3; e @4; f @5; g @6; h @7; }
    annotation late @0xdc6f11ead0f9a96e (struct) :Late;`;

  judged.each([
    ['a wildcard', `${using} struct Foo $Zenoh.key("a/*/b") {}`, 'a.capnp:Foo: '],
    ['an empty chunk', `${using} struct Foo $Zenoh.key("a//b") {}`, 'a.capnp:Foo: '],
    ['a parameter in a chunk', `${using} struct Foo $Zenoh.key("a/x{b}") {}`, 'a.capnp:Foo: '],
    ['a parameter twice', `${using} struct Foo $Zenoh.key("{a}/{a}") {}`, 'a.capnp:Foo: '],
    ['nothing', `${using} struct Foo $Zenoh.key("") {}`, 'a.capnp:Foo: '],
    ['no key', `${using} struct Foo { struct Bar $Zenoh.express(true) {} }`, 'a.capnp:Foo.Bar: without a key '],
    [
      'a priority that is a number',
      `${other} struct Foo $key("a") $priority(9) {}`,
      'a.capnp:Foo: priority has no value ',
    ],
    ['a late enumerant', `${other} struct Foo $key("a") $late(h) {}`, 'a.capnp:Foo: reliability has no value 7'],
    [
      'a flag that is a text',
      `${other} struct Foo $key("a") $express("no") {}`,
      'a.capnp:Foo: express is not true or false',
    ],
  ])('%s', (_, text, message) => {
    refused(text, 'ANNOTATION_INVALID', expect.stringContaining(message) as unknown as string);
  });
});

judged('a constant of a file that imports its own is refused, with a way out', () => {
  const schemas = {
    'a.capnp': `${ID} using B = import "b.capnp"; const first :B.Right = (); struct Left { r @0 :B.Right; }`,
    'b.capnp': '@0xd7b1f4a3c0e85b02; using A = import "a.capnp"; struct Right { l @0 :List(A.Left); }',
  };
  expect(refusal(schemas)).toMatchObject({
    code: 'SCHEMA_UNSUPPORTED',
    message: "a.capnp:first is of a type of b.capnp, which imports a.capnp: put the constant 'first' into a struct",
  });
});
