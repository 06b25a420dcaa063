// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { KeFormat, KeTree, KeyExpr, SetIntersectionLevel } from '@zenoh-segments/core';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const refused = (code: string) => expect.objectContaining({ code });
const values = <T>(found: Iterable<readonly [KeyExpr, T]>) => [...found].map(([, value]) => value).sort();

const tree = () =>
  new KeTree<string>(['a', 'a/b', 'a/b/c', 'a/*', 'a/**', '*/b', '**', 'x/@v/y', 'a/b$*'].map((key) => [key, key]));

export const keySpaces: Case[] = [
  {
    name: 'the relation of two key expressions is told; what is no key expression has none',
    covers: ['+key-format', '-key-format'],
    run: async () => {
      const relation = (a: string, b: string) => SetIntersectionLevel[new KeyExpr(a).relationTo(b)];
      expect([relation('a/b', 'a/b'), relation('a/*', 'a/b'), relation('a/*', '*/b'), relation('a', 'b')]).toEqual([
        'EQUALS',
        'INCLUDES',
        'INTERSECTS',
        'DISJOINT',
      ]);
      expect(() => relation('a', 'b//c')).toThrow(refused('KEY_EXPR_INVALID'));
    },
  },
  {
    name: 'keys are made from a format and read by it; what does not fit is refused',
    covers: ['+key-format', '-key-format'],
    run: async ({ sender, reach }) => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of keys is written so
      const imu = KeFormat.from('keys/robot/${id:*}/sensor/${name:**}');
      const inbox = await reach(imu.keyExpr().toString());
      await sender.put(imu.format({ id: 7, name: 'imu/left' }), 'x');
      const { id, name } = imu.parse((await inbox.at(0)).keyexpr());
      expect([id, name]).toEqual(['7', 'imu/left']);
      expect(() => imu.format({ id: 'a/b', name: 'x' })).toThrow(refused('KEY_FORMAT_MISMATCH'));
      expect(() => imu.parse('keys/other/7')).toThrow(refused('KEY_FORMAT_MISMATCH'));
      expect(() => KeFormat.from('robot/${id')).toThrow(refused('KEY_FORMAT_INVALID'));
    },
  },
  {
    name: 'a tree finds what intersects, what is included and what includes, and nothing else',
    covers: ['+key-format', '-key-format'],
    run: async () => {
      const found = (key: string) =>
        [tree().intersecting(key), tree().included(key), tree().including(key)].map(values);
      expect(found('a/b')).toEqual([
        ['**', '*/b', 'a/*', 'a/**', 'a/b', 'a/b$*'],
        ['a/b'],
        ['**', '*/b', 'a/*', 'a/**', 'a/b', 'a/b$*'],
      ]);
      expect(found('a/*')).toEqual([
        ['**', '*/b', 'a/*', 'a/**', 'a/b', 'a/b$*'],
        ['a/*', 'a/b', 'a/b$*'],
        ['**', 'a/*', 'a/**'],
      ]);
      expect(found('x/@v/y')).toEqual([['x/@v/y'], ['x/@v/y'], ['x/@v/y']]);
      expect(found('nobody/here')).toEqual([['**'], [], ['**']]);
    },
  },
  {
    name: 'a tree stores, replaces and deletes by the very key expression, and refuses what is none',
    covers: ['+key-format', '-key-format'],
    run: async () => {
      const keys = tree();
      expect([keys.size, keys.get('a/b'), keys.has('a/*'), keys.has('x/@v')]).toEqual([9, 'a/b', true, false]);
      expect([keys.insert('a/b', 'new'), keys.insert('z', 'z')]).toEqual(['a/b', undefined]);
      expect([keys.get('a/b'), keys.size]).toEqual(['new', 10]);
      expect([keys.delete('a'), keys.delete('a'), keys.delete('x/@v'), keys.delete('a/b/c/d')]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect([...keys].map(([key]) => key.toString())).not.toContain('a');
      for (const [key] of keys) expect(keys.delete(key)).toBe(true);
      expect([keys.size, [...keys]]).toEqual([0, []]);
      for (const wrong of ['a//b', '', '/a']) {
        expect(() => keys.insert(wrong, 'x')).toThrow(refused('KEY_EXPR_INVALID'));
        expect(() => keys.intersecting(wrong)).toThrow(refused('KEY_EXPR_INVALID'));
      }
      expect(() => keys.get(7 as unknown as string)).toThrow(refused('INVALID_ARGUMENT'));
    },
  },
];
