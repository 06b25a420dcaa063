// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';

/** `ws/host:port` and `wss/host:port`, with or without metadata after `?`, or a URL; the answer is the URL. */
export function urlOf(locator: string): string {
  const [, protocol, address] = /^(wss?)\/([^/?#]+)(?:[?#].*)?$/.exec(locator) ?? [];
  const text = protocol === undefined ? locator : `${protocol}://${address}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new CoreError('CONFIG_INVALID', refusal(locator), { cause });
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new CoreError('CONFIG_INVALID', refusal(locator));
  // A WebSocket takes none.
  url.hash = '';
  return url.href;
}

function refusal(locator: string): string {
  return `\`${locator}\` is no locator of a remote-api server: write \`ws/<host>:<port>\`, \`wss/<host>:<port>\` or a ws:// URL`;
}
