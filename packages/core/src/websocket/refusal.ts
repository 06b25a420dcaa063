// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

const WHO = 'a session with `serve`, or a zenoh node with the remote-api plugin,';

/** What Node's implementations tell, and what it means. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, `Nothing listens there: does ${WHO} run, and at this port?`],
  [/ENOTFOUND|EAI_AGAIN/, 'There is no such host.'],
  [/server response: 403/, 'The server does not let this origin in: see its option `origins`.'],
  [/server response: 503/, 'The server has as many clients as it takes: see its option `maxClients`.'],
  [
    /server response: \d/,
    `A web server answers there, but no WebSocket server: is the port that of ${WHO} or of a page?`,
  ],
  [/certificate/, 'The certificate of the server is not trusted here.'],
  [/EPROTO|wrong version number/, 'What listens there is not encrypted: is `ws` meant?'],
  [
    /socket hang up|ECONNRESET|Parse Error/,
    'What listens there speaks no HTTP, or is encrypted: is it another port, or `wss`, that is meant?',
  ],
];

/** Browsers tell no more than that it failed. */
const UNKNOWN = `Does ${WHO} listen there, and may this page connect to it (the server's option \`origins\`)?`;

/** Why a WebSocket to `url` did not open, as far as it can be known: `told` is the text of its error event. */
export function refusal(url: string, code: number, told: string): string {
  const what = `it was refused with code ${code}${told === '' ? '' : ` (${told})`}.`;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(told))?.[1] ?? UNKNOWN;
  const { port, protocol } = new URL(url);
  const noPort = port === '' ? ` No port is given: ${protocol === 'wss:' ? 443 : 80} was tried.` : '';
  return `${what} ${meaning}${noPort}`;
}

/** What it means that nothing came within `limit` ms. */
export function silence(limit: number): string {
  return `no answer within ${limit} ms: is it another port that is meant? Zenoh's own \`tcp/\` port, for one, says nothing`;
}
