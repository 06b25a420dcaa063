// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beforeEach, expect, jest, test } from '@jest/globals';
import * as actual from 'capnp-es';

beforeEach(() => {
  jest.resetModules();
});

test.each([
  ['writes texts otherwise', { utils: { ...actual.utils, setText: () => {} } }, 'its self-check failed: a text'],
  ['lost a function', { utils: { ...actual.utils, getText: undefined } }, 'its functions are not where they were'],
  ['has other segments', { Message: class {} }, 'its messages have no segments'],
])('a capnp-es that %s fails the import, by name', async (_, broken, text) => {
  jest.unstable_mockModule('capnp-es', () => ({ ...actual, ...broken }));
  const failure = await import('@zenoh-segments/capnp').catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'CapnpPayloadError', code: 'CAPNP_RUNTIME' });
  expect((failure as Error).message).toContain('0.0.16');
  expect((failure as Error).message).toContain(text);
});
