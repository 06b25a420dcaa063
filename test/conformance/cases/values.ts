// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Encoding, EncodingPredefined, KeyExpr, Timestamp } from '@zenoh-segments/core';
import { ZD, zdeserialize, zserialize } from '@zenoh-segments/core/ext';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const refused = (code: string) => expect.objectContaining({ code });

export const values: Case[] = [
  {
    name: 'a key set in a configuration is what a get of it tells',
    covers: ['+config'],
    run: async ({ backend: { entry } }) => {
      const { Config } = entry;
      const config = Config.fromJson5('{ mode: "peer", connect: { endpoints: ["tcp/127.0.0.1:1"] } }');
      expect(JSON.parse(config.getJson('connect/endpoints'))).toEqual(['tcp/127.0.0.1:1']);
      config.insertJson5('connect/endpoints', '[]');
      expect(JSON.parse(config.getJson('connect/endpoints'))).toEqual([]);
    },
  },
  {
    name: 'a configuration refuses what is no JSON5, an unknown key, and a value of the wrong kind',
    covers: ['-config'],
    run: async ({ backend: { entry } }) => {
      const { Config } = entry;
      const config = new Config();
      expect(() => Config.fromJson5('{ mode: ')).toThrow(refused('CONFIG_INVALID'));
      expect(() => Config.fromFile('/nowhere/zenoh.json5')).toThrow(refused('CONFIG_INVALID'));
      expect(() => config.insertJson5('no/such/key', '1')).toThrow(refused('CONFIG_INVALID'));
      expect(() => config.insertJson5('mode', '"emperor"')).toThrow(refused('CONFIG_INVALID'));
      expect(() => config.getJson('no/such/key')).toThrow(refused('CONFIG_INVALID'));
    },
  },
  {
    name: 'a custom encoding arrives as it was written, and an id out of range is refused',
    covers: ['+encoding', '-encoding'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('values/encoding');
      await sender.put('values/encoding', 'x', { encoding: 'application/x-capnp;0x1234' });
      const encoding = (await inbox.at(0)).encoding();
      expect(encoding.toString()).toBe('application/x-capnp;0x1234');
      expect(encoding.toIdSchema()).toEqual([EncodingPredefined.CUSTOM, 'application/x-capnp;0x1234']);
      expect(() => new Encoding(70_000 as EncodingPredefined)).toThrow(refused('INVALID_ARGUMENT'));
    },
  },
  {
    name: 'an attachment of the wrong kind and a timestamp that is none are refused',
    covers: ['-attachment'],
    run: async ({ sender }) => {
      const attachment = 42 as unknown as string;
      await expect(sender.put('values/attachment', 'x', { attachment })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      expect(() => Timestamp.fromString('yesterday')).toThrow(refused('INVALID_ARGUMENT'));
    },
  },
  {
    name: 'key expressions are joined, made canonical and compared as sets',
    covers: ['+key-expr', '-key-expr'],
    run: async () => {
      expect(KeyExpr.autocanonize('a/**/**/b').toString()).toBe('a/**/b');
      expect(new KeyExpr('a').join('b').concat('c').toString()).toBe('a/bc');
      expect(new KeyExpr('a/**').includes('a/b/c')).toBe(true);
      expect(new KeyExpr('a/*').includes('a/b/c')).toBe(false);
      expect(new KeyExpr('a/*').intersects('*/b')).toBe(true);
      expect(new KeyExpr('a/b').intersects('a/c')).toBe(false);
      expect(() => new KeyExpr('a/')).toThrow(refused('KEY_EXPR_INVALID'));
      expect(() => new KeyExpr('a*').concat('*')).toThrow(refused('KEY_EXPR_INVALID'));
    },
  },
  {
    name: 'a serialized value travels, and bytes that are none are refused',
    covers: ['+serialization', '-serialization'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('values/serialized');
      await sender.put('values/serialized', zserialize(['one', 'two']));
      const payload = (await inbox.at(0)).payload();
      expect(zdeserialize(ZD.array(ZD.string()), payload)).toEqual(['one', 'two']);
      expect(() => zdeserialize(ZD.string(), Uint8Array.of(9, 1))).toThrow(refused('DESERIALIZE'));
    },
  },
];
