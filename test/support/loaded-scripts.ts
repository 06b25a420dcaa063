// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';

const program = (module: string) => `
import { Session } from 'node:inspector';
const session = new Session();
session.connect();
const urls = new Set();
session.on('Debugger.scriptParsed', ({ params }) => urls.add(params.url));
session.post('Debugger.enable');
urls.clear();
await import('${module}');
console.log(JSON.stringify([...urls].filter((url) => url.startsWith('file:'))));
`;

/**
 * What a Node process reads and compiles when it imports `module` in the folder `cwd`, CommonJS too: the paths, from the
 * last `node_modules` or `packages` on.
 */
export function loadedScripts(module: string, cwd: string): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program(module)], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`import of ${module} ended with ${status}: ${stderr}`);
  const urls = JSON.parse(stdout) as string[];
  return urls.map((url) => url.replace(/^.*\/(node_modules|packages)\//, '')).sort();
}
