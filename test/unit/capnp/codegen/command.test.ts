// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { command, filesIn, golden, judged, packageFolder, requestOf, withFolder } from './tool.js';

const request = join(golden, 'request.bin');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end; `use` gets it while it runs. */
function run(
  args: readonly string[],
  {
    stdin = '',
    cwd,
    bin = command,
    use,
  }: {
    stdin?: Uint8Array | string;
    cwd?: string;
    bin?: string;
    use?: (child: ChildProcessWithoutNullStreams) => void;
  } = {},
): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  // One that never ends fails its test, and does not outlive it.
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, timeout: 30_000, killSignal: 'SIGKILL' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  // What is written to a process that is gone: its exit code tells more.
  child.stdin.on('error', () => {});
  if (use === undefined) child.stdin.end(stdin);
  else use(child);
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

test('a saved request, and one on standard input, give the same modules', () =>
  withFolder(async (folder) => {
    const saved = join(folder, 'saved');
    const piped = join(folder, 'piped');
    mkdirSync(piped);
    const ends = [await run([request, '--out', saved]), await run([], { stdin: readFileSync(request), cwd: piped })];
    for (const { code, stdout, stderr } of ends) {
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr.split('\n')[0]).toBe(
        'capnpc-zenoh: left-out.capnp:Calculator: Interface Calculator is left out: calls do not travel over zenoh.',
      );
    }
    expect(filesIn(saved)).toEqual(filesIn(join(golden, 'generated')));
    for (const file of filesIn(saved)) {
      expect(readFileSync(join(saved, file), 'utf8')).toBe(readFileSync(join(golden, 'generated', file), 'utf8'));
      expect(readFileSync(join(piped, file), 'utf8')).toBe(readFileSync(join(saved, file), 'utf8'));
    }
  }));

test('--help has examples and the exit codes, --version the version of the package', async () => {
  const help = await run(['--help']);
  expect([help.code, help.stderr]).toEqual([0, '']);
  for (const text of ['Usage: capnpc-zenoh [options] [request]', 'Exit codes: 0', 'Examples:', '--out src/generated']) {
    expect(help.stdout).toContain(text);
  }
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

describe('a mistake ends with a code and the reason, never with a stack trace', () => {
  test.each([
    ['an unknown flag', ['--outt', 'x'], '', 2, "error: unknown option '--outt'"],
    ['two requests', [request, request], '', 2, 'error: too many arguments'],
    ['a request that is not there', ['nowhere.bin'], '', 1, "INPUT: can't read 'nowhere.bin': ENOENT"],
    ['a folder as request', [golden], '', 1, 'INPUT: '],
    ['an empty request', [], '', 1, 'REQUEST_INVALID: the request is empty.'],
    ['a schema as request', [], 'struct Foo {}', 1, 'REQUEST_INVALID: 13 bytes that are no CodeGeneratorRequest.'],
    [
      'a cut request',
      [],
      readFileSync(request).subarray(0, 5000),
      1,
      'REQUEST_INVALID: the request is cut after 5000 bytes',
    ],
    ['a file in the place of the output folder', [request, '--out', request], '', 1, "OUTPUT: can't write "],
  ])('%s', async (_, args, stdin, code, text) => {
    const ended = await run(args, { stdin });
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended).toMatchObject({ code, stdout: '' });
  });

  test('a folder that may not be written', async () => {
    // Not even by root.
    const ended = await run([request, '--out', '/sys']);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^capnpc-zenoh: OUTPUT: can't write '\/sys\/\w+\.ts': E(ACCES|PERM|ROFS)/),
    });
  });
});

// Node's own way to make folders one in another never ends there.
(existsSync('/proc/self') ? test : test.skip)(
  'a folder below one that takes none',
  async () => {
    expect(await run([request, '--out', '/proc/zenoh/generated'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^capnpc-zenoh: OUTPUT: can't write '\/proc\/zenoh\/generated\/\w+\.ts': ENOENT/),
    });
  },
  60_000,
);

test('without capnp-es it says what to install', () =>
  withFolder(async (folder) => {
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(join(packageFolder, part), join(folder, part), { recursive: true });
    }
    mkdirSync(join(folder, 'node_modules'));
    for (const dependency of ['@zenoh-segments', 'commander']) {
      symlinkSync(join(packageFolder, 'node_modules', dependency), join(folder, 'node_modules', dependency));
    }
    expect(await run(['--help'], { bin: join(folder, 'bin/capnpc-zenoh.js') })).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'capnpc-zenoh: DEPENDENCY: capnp-es is not installed: npm install capnp-es@0.0.16\n',
    });
  }));

test('nothing is written when one of the files is refused', () =>
  withFolder(async (folder) => {
    const bytes = readFileSync(request).toString('latin1').replaceAll('lightGreen', 'light-reen');
    const { code } = await run(['--out', folder], { stdin: Buffer.from(bytes, 'latin1') });
    expect([code, filesIn(folder)]).toEqual([1, []]);
  }));

test('nothing is written when one of the files can not be', () =>
  withFolder(async (folder) => {
    // A folder in the place of one of the last files.
    mkdirSync(join(folder, 'unions.ts'));
    const { code, stderr } = await run([request, '--out', folder]);
    expect([code, filesIn(folder)]).toEqual([1, []]);
    expect(stderr).toBe(`capnpc-zenoh: OUTPUT: can't write '${join(folder, 'unions.ts')}': it is a folder\n`);
  }));

judged('two schemas of one name below different prefixes do not overwrite each other', () =>
  withFolder(async (folder) => {
    for (const [index, prefix] of ['p', 'q'].entries()) {
      mkdirSync(join(folder, prefix));
      writeFileSync(join(folder, prefix, 'foo.capnp'), `@0xd7b1f4a3c0e85b1${index}; struct Foo${index} {}`);
    }
    const args = ['compile', '-o-', '--src-prefix=p', '--src-prefix=q', 'p/foo.capnp', 'q/foo.capnp'];
    const bytes = execFileSync('capnp', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = join(folder, 'out');
    expect(await run(['--out', out], { stdin: bytes })).toMatchObject({
      code: 1,
      stderr: "capnpc-zenoh: NAME_COLLISION: two schemas would both be written to 'foo.ts'\n",
    });
  }),
);

test('an error never repeats all of a long request', async () => {
  const bytes = Buffer.from(readFileSync(request).toString('latin1'), 'latin1');
  const { stderr } = await run(['x'.repeat(100_000)], { stdin: bytes });
  expect(stderr.length).toBeLessThan(1000);
});

judged('an import that was not generated is told, until it is there', () =>
  withFolder(async (folder) => {
    const a = '@0xd7b1f4a3c0e85b01; struct Foo { bar @0 :import "b.capnp".Bar; }';
    const b = '@0xd7b1f4a3c0e85b02; struct Bar {}';
    const bytes = requestOf({ 'b.capnp': b, 'a.capnp': a });
    // A request for a alone: as the tool makes it of the same files.
    writeFileSync(join(folder, 'b.ts'), '');
    expect((await run(['--out', folder], { stdin: bytes })).stderr).toBe('');
    const alone = requestOf({ 'a.capnp': a.replace('b.capnp', '/zenoh.capnp').replace('.Bar', '.Priority') });
    expect((await run(['--out', folder], { stdin: alone })).stderr).toBe(
      'capnpc-zenoh: zenoh.ts is imported and not there yet: generate it as well, into the same folder\n',
    );
  }),
);

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while it waits for its input ends it at once and quietly', async (signal, code) => {
  const ended = await run([], {
    use: (child) => {
      // It reads: what was written is taken, and its handlers stand since it loaded.
      child.stdin.write(Buffer.alloc(1 << 20), () => child.kill(signal));
    },
  });
  expect(ended).toEqual({ code, signal: null, stdout: '', stderr: '' });
});
