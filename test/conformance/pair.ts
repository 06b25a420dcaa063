// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config, Sample, Session, SubscriberOptions } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { connecting, freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import type { Member, TestedBackend } from './backend.js';
import type { Inbox, Pair } from './case.js';

/** Declares subscribers of `receiver` that `sender` knows of. */
export function reachOf(sender: Session, receiver: Session): Pair['reach'] {
  return async (keyExpr: string, options: SubscriberOptions = {}): Promise<Inbox> => {
    const samples: Sample[] = [];
    await receiver.declareSubscriber(keyExpr, { ...options, handler: (sample) => samples.push(sample) });
    await matched(sender, keyExpr);
    return {
      samples,
      async at(index) {
        await until(`sample ${index} on ${keyExpr}`, () => samples.length > index);
        return samples[index] as Sample;
      },
    };
  };
}

/** The pair of two sessions, whatever backend they are on. */
function pairOf(
  backend: TestedBackend,
  [left, right]: readonly [Member, Member],
  join: (config?: Config) => Promise<Member>,
): Pair {
  const [sender, receiver] = [left.session, right.session];
  const dismissReceiver = () => right.leave();
  return { backend, sender, receiver, reach: reachOf(sender, receiver), join, dismissReceiver };
}

/**
 * Runs a case with two sessions that know of each other already: one that closes while the other still greets it can wait
 * for 10 s (zenoh then says that closing timed out), and no case is about that.
 */
export async function withConnectedPair(backend: TestedBackend, run: (pair: Pair) => Promise<void>): Promise<void> {
  const port = await freePort();
  const members: Member[] = [];
  const join = async (config: Config = connecting(port)) => {
    const member = await backend.join(config);
    members.unshift(member);
    return member;
  };
  try {
    const [left, right] = [await join(listening(port)), await join()];
    const greeting = await right.session.declareSubscriber('conformance/greeting', { handler: () => {} });
    await matched(left.session, 'conformance/greeting');
    await greeting.undeclare();
    await run(pairOf(backend, [left, right], join));
  } finally {
    await leaveAll(members);
  }
}

/** The last to come is the first to go; one that can not does not keep the others. */
async function leaveAll([member, ...others]: readonly Member[]): Promise<void> {
  if (member === undefined) return;
  try {
    await member.leave();
  } finally {
    await leaveAll(others);
  }
}
