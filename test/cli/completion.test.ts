// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Cli } from './cli.js';
import { withFolder, write } from './data.js';

const bin = fileURLToPath(new URL('../../packages/arrow/bin/zenoh-arrow.js', import.meta.url));

/** What the tab key would offer, line by line, in a folder with one file; run by the function that the script registers. */
const BASH = `
source <(zenoh-arrow completion bash) || exit 1
compopt() { :; }
for words in "$@"; do
    read -ra COMP_WORDS <<< "$words"
    [[ $words == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    __zenoh_arrow_complete
    echo "\${COMPREPLY[*]}"
done
complete -p zenoh-arrow
`;

function complete(...lines: string[]): Promise<string[]> {
  return withFolder(async (folder) => {
    mkdirSync(`${folder}/bin`);
    symlinkSync(bin, `${folder}/bin/zenoh-arrow`);
    const script = write(folder, 'try.sh', BASH);
    const env = { ...process.env, NODE_OPTIONS: '', PATH: `${folder}/bin:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync('bash', [script, ...lines], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout.trimEnd().split('\n');
  });
}

describe('completion in bash', () => {
  test('of verbs, flags and choices, and of files where there is nothing else', async () => {
    const offered = await complete(
      'zenoh-arrow su',
      'zenoh-arrow hz --win',
      'zenoh-arrow sub --mode ',
      'zenoh-arrow info -m r',
      'zenoh-arrow pub -m ',
      'zenoh-arrow pub fli',
    );
    expect(offered).toEqual([
      'sub',
      '--window',
      'peer client router',
      'router',
      'peer client router self-contained schema-ref',
      '',
      'complete -o default -F __zenoh_arrow_complete zenoh-arrow',
    ]);
  });
});

test.each(['bash', 'zsh', 'fish'])('there is a script for %s', async (shell) => {
  const { code, stdout, stderr } = await Cli.run(['completion', shell]);
  expect(stderr).toBe('');
  expect(stdout.toString()).toContain('zenoh-arrow complete -- ');
  expect(code).toBe(0);
});

test('no other shell: code 2', async () => {
  const { code, stderr } = await Cli.run(['completion', 'tcsh']);
  expect(stderr).toContain('Allowed choices are zsh, bash, fish, powershell.');
  expect(code).toBe(2);
});
