// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { checkGenerated } from '../../../support/generated.js';
import {
  command,
  filesIn,
  generate,
  golden,
  goldenArguments,
  hasTool,
  judged,
  schemaFolder,
  withFolder,
} from './tool.js';

// The request is committed, so that machines without the capnp tool run these tests; it is renewed as the code is.
const request = join(golden, 'request.bin');
if (process.env.UPDATE_DOCS === '1' && hasTool) {
  writeFileSync(request, execFileSync('capnp', ['compile', ...goldenArguments(), '-o-'], { cwd: schemaFolder }));
}
const files = generate(readFileSync(request));

test.each(files.map(({ path, text }) => [path, text]))('%s is generated line by line as committed', (path, text) => {
  checkGenerated(`test/golden/capnp/codegen/generated/${path}`, text);
});

test('nothing is committed that is not generated', () => {
  expect(filesIn(join(golden, 'generated'))).toEqual(files.map(({ path }) => path).sort());
});

test('every schema was in the request', () => {
  const schemas = filesIn(schemaFolder).map((file) => file.replace('.capnp', '.ts'));
  expect(files.map(({ path }) => path).sort()).toEqual([...schemas, 'capnp/example.ts'].sort());
});

test('what is left out is told', () => {
  const why = 'it is of an interface type, whose values do not travel over zenoh.';
  expect(files.flatMap(({ notes }) => notes)).toEqual([
    'left-out.capnp:Calculator: Interface Calculator is left out: calls do not travel over zenoh.',
    ...['calculator', 'calculators', 'anyCapability', 'call', 'calls'].map(
      (field) => `left-out.capnp:Partly.${field}: Field ${field} is left out: ${why}`,
    ),
  ]);
});

judged('the capnp tool runs the plugin, which writes the same from the text of the schemas', () =>
  withFolder((folder) => {
    const bin = join(folder, 'bin');
    const out = join(folder, 'out');
    for (const each of [bin, out]) mkdirSync(each);
    symlinkSync(command, join(bin, 'capnpc-zenoh'));
    execFileSync('capnp', ['compile', ...goldenArguments(), `-ozenoh:${out}`], {
      cwd: schemaFolder,
      env: { ...process.env, NODE_OPTIONS: '', PATH: `${bin}${delimiter}${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = Object.fromEntries(filesIn(out).map((file) => [file, readFileSync(join(out, file), 'utf8')]));
    expect(written).toEqual(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  }),
);

test('what is generated is formatted as Biome formats TypeScript', () => {
  const biome = fileURLToPath(new URL('../../../../node_modules/.bin/biome', import.meta.url));
  for (const { path, text } of files) {
    const args = ['format', '--stdin-file-path=packages/capnp/src/generated.ts'];
    const formatted = execFileSync(biome, args, {
      cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
      input: text,
      encoding: 'utf8',
    });
    expect(`${path}\n${text}`).toBe(`${path}\n${formatted}`);
  }
});
