// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { structCodec, topic } from '@zenoh-segments/capnp';
import { KeFormatError, type Session } from '@zenoh-segments/core';
import { Telemetry } from '../../golden/capnp/telemetry.js';

const codec = structCodec(Telemetry);
const telemetry = topic(codec, { key: 'sites/{site}/robots/{robot}/telemetry' });
/** No test here gets as far as asking it. */
const nobody = undefined as unknown as Session;

function failure(run: () => unknown): Pick<KeFormatError, 'code' | 'field' | 'message'> {
  try {
    run();
  } catch (error) {
    if (error instanceof KeFormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('parameters make the key, and those left out are any', () => {
  const keys = [{}, { robot: 'r1' }, { site: 7, robot: 18_446_744_073_709_551_615n }, { site: undefined, robot: 0 }];
  expect(keys.map((params) => telemetry.keyExpr(params).toString())).toEqual([
    'sites/*/robots/*/telemetry',
    'sites/*/robots/r1/telemetry',
    'sites/7/robots/18446744073709551615/telemetry',
    'sites/*/robots/0/telemetry',
  ]);
  expect(telemetry.keyExpr().toString()).toBe('sites/*/robots/*/telemetry');
  expect(telemetry.key).toBe('sites/{site}/robots/{robot}/telemetry');
  expect(topic(codec, { key: 'clock' }).keyExpr().toString()).toBe('clock');
});

describe('a value that is not one chunk of a key is refused', () => {
  const RESERVED = ['', '/', 'a/b', '*', '**', '$*', 'a$*', 'a?b', 'a#b'];
  test.each([...RESERVED.map((robot) => [robot])])('%j', (robot) => {
    for (const run of [
      () => telemetry.keyExpr({ robot }),
      () => telemetry.subscribe(nobody, { robot }),
      () => telemetry.get(nobody, { robot }),
    ]) {
      expect(failure(run)).toMatchObject({
        code: 'KEY_FORMAT_MISMATCH',
        field: 'robot',
        message:
          `\`robot\` can't be \`${robot}\`: it must be one chunk of a key: ` +
          'not empty, and without `/`, `*`, `$`, `?` and `#`',
      });
    }
  });

  test('also by publishers, subscribers and queryables', async () => {
    const refused = { code: 'KEY_FORMAT_MISMATCH', field: 'robot' };
    const params = { site: 'a', robot: '*' };
    await expect(telemetry.declarePublisher(nobody, params)).rejects.toMatchObject(refused);
    await expect(telemetry.declareSubscriber(nobody, params)).rejects.toMatchObject(refused);
    await expect(telemetry.declareQueryable(nobody, params, { handler: () => {} })).rejects.toMatchObject(refused);
  });

  test('a verbatim chunk, which `*` would not find', () => {
    expect(failure(() => telemetry.keyExpr({ robot: '@r1' }))).toMatchObject({
      code: 'KEY_FORMAT_MISMATCH',
      field: 'robot',
    });
  });

  test('a value of another kind, and a name that the key does not have', () => {
    expect(failure(() => telemetry.keyExpr({ robot: {} as string }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: '`robot` must be a text or a number, not object',
    });
    expect(failure(() => telemetry.keyExpr({ constructor: 'x' } as object))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: '`sites/{site}/robots/{robot}/telemetry` has no parameter `constructor`',
    });
  });
});

test('a publisher needs every parameter', async () => {
  // @ts-expect-error a parameter is missing
  await expect(telemetry.declarePublisher(nobody, { robot: 'r1' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    field: 'site',
    message: '`sites/{site}/robots/{robot}/telemetry` needs a value for `site`',
  });
  // @ts-expect-error the parameters are missing
  await expect(telemetry.declarePublisher(nobody)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('the compiler knows the parameters', () => {
  // Never called: what is judged is that it compiles, and that what is marked does not.
  const judged = async () => {
    await topic(codec, { key: 'clock' }).declarePublisher(nobody);
    await telemetry.declarePublisher(nobody, { site: 1, robot: 'r1' });
    // @ts-expect-error a name that the key does not have
    telemetry.subscribe(nobody, { robto: 'r1' });
    // @ts-expect-error a value of another kind
    telemetry.subscribe(nobody, { robot: true });
    for await (const { message, params } of telemetry.subscribe(nobody)) {
      const [sequence, robot]: [bigint, string] = [message.sequence, params.robot];
      // @ts-expect-error a name that the key does not have
      params.robto;
      return [sequence, robot];
    }
    const anywhere = topic(codec, { key: String() });
    return anywhere.declarePublisher(nobody, { whatever: 1 });
  };
  expect(judged).toBeInstanceOf(Function);
});

test.each([
  ['robots/{robot', 'neither a parameter'],
  ['robots/{}/telemetry', 'neither a parameter'],
  ['robots/r{robot}', 'neither a parameter'],
  ['robots/{robot}{arm}', 'neither a parameter'],
  ['robots/{a-b}', 'neither a parameter'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what core writes is not what topics write
  ['robots/${robot:*}', 'neither a parameter'],
  ['robots/{robot}/x/{robot}', 'two parameters are called `robot`'],
  ['robots/{robot}/{robot}', 'two parameters are called `robot`'],
  ['robots/*/{robot}', 'a key has no wildcards'],
  ['robots/**', 'a key has no wildcards'],
  ['robots/r$*', 'a key has no wildcards'],
  ['robots/r$', 'neither a parameter'],
  ['robots?/{robot}', 'neither a parameter'],
  ['robots#', 'neither a parameter'],
  ['/robots/{robot}', 'a chunk is empty'],
  ['robots//{robot}', 'a chunk is empty'],
  ['robots/{robot}/', 'a chunk is empty'],
  ['', 'a chunk is empty'],
])('the key %j is refused, in its own terms', (key, why) => {
  const { code, message } = failure(() => topic(codec, { key }));
  expect(code).toBe('KEY_FORMAT_INVALID');
  expect(message).toContain(`\`${key}\` is no key of a topic: `);
  expect(message).toContain(why);
  if (!key.includes(':*')) expect(message).not.toContain(':*');
});

test('the functions of a topic work without it', () => {
  const { keyExpr } = telemetry;
  expect(keyExpr({ robot: 1 }).toString()).toBe('sites/*/robots/1/telemetry');
});
