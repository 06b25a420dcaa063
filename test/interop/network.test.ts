// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import {
  type LinkEvent,
  type MatchingListener,
  QueryTarget,
  SampleKind,
  Session,
  scout,
  type TransportEvent,
  WhatAmI,
} from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { PythonPeer } from '../support/python.js';
import { LINKS, withZenohPeer } from '../support/python-zenoh.js';
import { freePort, listening, multicastGroup, scoutable, scoutableSettings } from '../support/sessions.js';

const PROGRAM = 'network_peer.py';

interface PythonInfo {
  readonly zid: string;
  readonly peers: readonly string[];
  readonly transports: readonly { zid: string; whatami: string; isQos: boolean; isShm: boolean }[];
  readonly links: readonly { zid: string; src: string; dst: string; isStreamed: boolean }[];
}

interface PythonHello {
  readonly whatami: string;
  readonly zid: string;
  readonly locators: readonly string[];
}

describe.each(LINKS)('eclipse-zenoh at the other end, %s', (link) => {
  peerTest('python', 'both tell the same of their connection', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe('interop/network');
      const info = await session.info();
      const theirs = await python.call<PythonInfo>('info');
      const own = session.zid().toString();
      expect(info.peersZid().map(String)).toEqual([theirs.zid]);
      expect(theirs.peers).toEqual([own]);
      const [transport] = await info.transports();
      expect(theirs.transports).toEqual([{ zid: own, whatami: 'peer', isQos: true, isShm: link === 'shm' }]);
      expect(transport?.zid().toString()).toBe(theirs.zid);
      expect([transport?.whatami(), transport?.isQos(), transport?.isShm()]).toEqual([
        WhatAmI.PEER,
        true,
        link === 'shm',
      ]);
      const [ours] = await info.links();
      expect(theirs.links).toEqual([{ zid: own, src: ours?.dst(), dst: ours?.src(), isStreamed: true }]);
      expect(info.locators()).toEqual([ours?.src()]);
    }),
  );
});

peerTest('python', 'Python joins and leaves, twice: transports and links tell of it', () =>
  PythonPeer.with(PROGRAM, async (python) => {
    const port = await freePort();
    await using session = await Session.open(listening(port));
    const info = await session.info();
    const transports = await info.transportEventsListener();
    const links = await info.linkEventsListener();
    const next = async () => {
      const transport = (await transports.receiver()?.receive()) as TransportEvent;
      const link = (await links.receiver()?.receive()) as LinkEvent;
      return [
        `${SampleKind[transport.kind()]} ${transport.transport().zid()}`,
        `${SampleKind[link.kind()]} ${link.link().zid()}`,
      ];
    };
    const settings = {
      'scouting/multicast/enabled': 'false',
      'listen/endpoints': '[]',
      'connect/endpoints': `["tcp/127.0.0.1:${port}"]`,
    };
    for (let round = 0; round < 2; round++) {
      await python.call('open', { settings });
      const { zid } = await python.call<PythonInfo>('info');
      expect(await next()).toEqual([`PUT ${zid}`, `PUT ${zid}`]);
      await python.call('leave');
      expect(await next()).toEqual([`DELETE ${zid}`, `DELETE ${zid}`]);
    }
    expect(transports.stats()).toEqual({ received: 4, delivered: 4, lost: 0, queued: 0 });
  }),
);

peerTest('python', 'Python finds us, and we find Python; a scout for other roles finds neither', () =>
  PythonPeer.with(PROGRAM, async (python) => {
    const group = await multicastGroup();
    const settings = { ...scoutableSettings(group), 'listen/endpoints': '["tcp/127.0.0.1:0"]' };
    {
      await using session = await Session.open(scoutable(group));
      const hello = await python.call<PythonHello>('scout', { what: 'peer', settings });
      const locators = (await session.info()).locators();
      expect(hello).toEqual({ whatami: 'peer', zid: session.zid().toString(), locators });
    }
    await python.call('open', { settings });
    const { zid } = await python.call<PythonInfo>('info');
    const others = await scout('router|client', scoutable(group), { timeout: 1_200 });
    await using peers = await scout('peer', scoutable(group));
    const hello = await peers.receiver()?.receive();
    expect(hello?.zid().toString()).toBe(zid);
    expect(hello?.whatami()).toBe(WhatAmI.PEER);
    expect(hello?.locators()).toEqual([expect.stringMatching(/^tcp\/127\.0\.0\.1:\d+$/)]);
    for await (const other of others) throw new Error(`${other.zid()} is a peer`);
  }),
);

peerTest('python', 'subscribers and queryables of Python come and go: publishers and queriers are told', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
    const next = async (listener: MatchingListener) => (await listener.receiver()?.receive())?.matching();
    const publisher = await session.declarePublisher('interop/match/a');
    const querier = await session.declareQuerier('interop/match/q');
    const complete = await session.declareQuerier('interop/match/q', { target: QueryTarget.ALL_COMPLETE });
    const [ofPublisher, ofQuerier, ofComplete] = await Promise.all([
      publisher.matchingListener(),
      querier.matchingListener(),
      complete.matchingListener(),
    ]);
    await python.call('subscribe', { key: 'interop/match' });
    expect(await next(ofPublisher)).toBe(true);
    await python.call('undeclare');
    expect(await next(ofPublisher)).toBe(false);
    await python.call('queryable', { key: 'interop/match/q', complete: false });
    expect(await next(ofQuerier)).toBe(true);
    expect((await complete.matchingStatus()).matching()).toBe(false);
    await python.call('queryable', { key: 'interop/**', complete: true });
    expect(await next(ofComplete)).toBe(true);
    await python.call('leave');
    expect([await next(ofQuerier), await next(ofComplete)]).toEqual([false, false]);
    expect((await publisher.matchingStatus()).matching()).toBe(false);
    expect((await querier.matchingStatus()).matching()).toBe(false);
  }),
);
