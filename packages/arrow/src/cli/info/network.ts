// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ReplyError, type Session, WhatAmI } from '@zenoh-segments/core';

/** Publishers and nodes that are told; a network can have any number of them. */
const MOST = 1000;
/** Milliseconds for nodes to answer. */
const ANSWER_MS = 1000;
const ADVANCED = '/@adv/pub/';

/** Who is there, as far as zenoh tells. */
export interface NetworkFacts {
  /** This process. */
  readonly zid: string;
  /** The nodes it is connected to. */
  readonly nodes: readonly { readonly zid: string; readonly whatami: string; readonly shm: boolean }[];
  /** Publishers that announce themselves (advanced publishers with detection), whether or not they publish now. */
  readonly publishers: readonly { readonly key: string; readonly source: string }[];
}

export async function networkFacts(session: Session, key: string): Promise<NetworkFacts> {
  const info = await session.info();
  const transports = await info.transports();
  return {
    zid: info.zid().toString(),
    nodes: transports.slice(0, MOST).map((transport) => ({
      zid: transport.zid().toString(),
      whatami: WHAT[transport.whatami()] ?? 'node',
      shm: transport.isShm(),
    })),
    publishers: await announced(session, key),
  };
}

const WHAT: Readonly<Record<number, string>> = {
  [WhatAmI.ROUTER]: 'router',
  [WhatAmI.PEER]: 'peer',
  [WhatAmI.CLIENT]: 'client',
};

/** A publisher's token is `<key>/@adv/pub/<zid>/<number>/<metadata>`. */
async function announced(session: Session, key: string): Promise<NetworkFacts['publishers']> {
  const replies = await session.liveliness().get(`${key}${ADVANCED}**`, { timeout: ANSWER_MS });
  const found: { key: string; source: string }[] = [];
  for await (const reply of replies) {
    const result = reply.result();
    if (result instanceof ReplyError || found.length >= MOST) continue;
    const token = result.keyexpr().toString();
    const at = token.lastIndexOf(ADVANCED);
    const [zid, eid = ''] = token.slice(at + ADVANCED.length).split('/');
    if (at <= 0 || zid === undefined) continue;
    // Instead of its number: one that tells its samples apart by their timestamps.
    found.push({ key: token.slice(0, at), source: /^\d+$/.test(eid) ? `${zid}/${eid}` : zid });
  }
  return found;
}
