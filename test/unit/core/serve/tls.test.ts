// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RawClient } from '../../../support/remote-api/raw-client.js';
import { serving } from '../../../support/serving.js';

let folder: string;
const file = (name: string) => join(folder, name);

function makeCertificate(name: string): void {
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...out, ...subject], { stdio: 'pipe' });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-tls-'));
  makeCertificate('own');
  makeCertificate('other');
  writeFileSync(file('empty.pem'), 'nothing to see\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const tls = (certificate: string, key: string) => ({
  listen: 'wss/127.0.0.1:0',
  tls: { certificate: file(certificate), privateKey: file(key) },
});

test('wss with a certificate that the client trusts; without TLS nobody gets in', async () => {
  await serving(tls('own.pem', 'own.key'), async (server, session) => {
    expect(server.locator).toMatch(/^wss\/127\.0\.0\.1:\d+$/);
    const client = await RawClient.connect(server.url, { ca: readFileSync(file('own.pem')) });
    await client.subscribe(1, 'serve/tls');
    await session.put('serve/tls', new Uint8Array(5_000_000));
    await client.ping();
    expect(client.samples().map((one) => one.length > 5_000_000)).toEqual([true]);
    await expect(RawClient.connect(server.url)).rejects.toThrow('self-signed certificate');
    await expect(RawClient.connect(server.url.replace('wss', 'ws'))).rejects.toThrow();
    expect(server.stats()).toMatchObject({ clients: 1, accepted: 1 });
  });
});

test.each([
  ['missing.pem', 'own.key', /the certificate file .*missing\.pem can not be used: .*No such file/],
  ['own.pem', 'missing.key', /the private key file .*missing\.key can not be used: .*No such file/],
  ['empty.pem', 'own.key', /the certificate file .*empty\.pem can not be used: it holds no certificate/],
  ['own.pem', 'empty.pem', /the private key file .*empty\.pem can not be used: no items found/],
  ['own.pem', 'other.key', /the certificate file .*own\.pem with .*other\.key can not be used: .*[Mm]ismatch/],
])('%s with %s is refused, by name', async (certificate, key, text) => {
  await expect(serving(tls(certificate, key), async () => {})).rejects.toMatchObject({
    code: 'SERVE_FAILED',
    message: expect.stringMatching(text),
  });
});

test('a certificate without wss is refused', async () => {
  await expect(
    serving({ ...tls('own.pem', 'own.key'), listen: 'ws/127.0.0.1:0' }, async () => {}),
  ).rejects.toMatchObject({
    code: 'SERVE_FAILED',
    message: expect.stringContaining('ws has no use for `tls`'),
  });
});
