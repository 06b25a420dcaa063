// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beforeEach, expect, jest, test } from '@jest/globals';

beforeEach(() => {
  jest.resetModules();
});

test.each([
  ['reads texts otherwise', (actual: Actual) => ({ utils: { ...actual.utils, getText: () => 'other' } })],
  ['lost a function', (actual: Actual) => ({ utils: { ...actual.utils, getContent: undefined } })],
  ['has other segments', () => ({ Message: class {} })],
])('a capnp-es that %s fails the import, by name', async (_, broken) => {
  const actual = await import('capnp-es');
  jest.unstable_mockModule('capnp-es', () => ({ ...actual, ...broken(actual) }));
  const failure = await import('@zenoh-segments/capnp').catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'CapnpPayloadError', code: 'CAPNP_RUNTIME' });
  expect((failure as Error).message).toContain('0.0.16');
});

type Actual = typeof import('capnp-es');
