// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  type LinkEvent,
  Reliability,
  RingChannel,
  SampleKind,
  type TransportEvent,
  WhatAmI,
} from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const transport = (event: TransportEvent) => `${SampleKind[event.kind()]} ${event.transport().zid()}`;
const link = (event: LinkEvent) => `${SampleKind[event.kind()]} ${event.link().zid()}`;

export const connectivity: Case[] = [
  {
    name: 'info tells the own id and the peers, as of the moment it was asked',
    covers: ['+info'],
    run: async ({ sender, receiver, reach }) => {
      await reach('info/known');
      const info = await sender.info();
      expect(info.zid()).toEqual(sender.zid());
      expect(info.peersZid().map(String)).toEqual([receiver.zid().toString()]);
      expect(info.routersZid()).toEqual([]);
      const other = await receiver.info();
      expect(other.peersZid().map(String)).toEqual([sender.zid().toString()]);
    },
  },
  {
    name: 'info tells where the session listens, and that is where its links are',
    covers: ['+info', '+links'],
    run: async ({ sender, receiver, reach }) => {
      await reach('info/known');
      const info = await sender.info();
      expect(info.locators()).toEqual([expect.stringMatching(/^tcp\/127\.0\.0\.1:\d+$/)]);
      expect((await info.links()).map((each) => each.src())).toEqual(info.locators());
      expect((await receiver.info()).locators()).toEqual([]);
    },
  },
  {
    name: 'transports and links tell who is at the other end, and both ends agree',
    covers: ['+links'],
    run: async ({ sender, receiver, reach }) => {
      await reach('info/known');
      const [ours, theirs] = [await sender.info(), await receiver.info()];
      const [[near, ...noMore], [far]] = [await ours.transports(), await theirs.transports()];
      expect(noMore).toEqual([]);
      expect(near?.zid().toString()).toBe(receiver.zid().toString());
      expect(far?.zid().toString()).toBe(sender.zid().toString());
      expect([near?.whatami(), near?.isQos(), near?.isMulticast()]).toEqual([WhatAmI.PEER, true, false]);
      expect(near?.isShm()).toBe(far?.isShm());
      const [[out, ...noOther], [back]] = [await ours.links(), await theirs.links()];
      expect(noOther).toEqual([]);
      expect(out?.zid().toString()).toBe(receiver.zid().toString());
      expect([back?.src(), back?.dst()]).toEqual([out?.dst(), out?.src()]);
      expect([out?.group(), out?.authIdentifier(), out?.isStreamed()]).toEqual([undefined, undefined, true]);
      expect([out?.priorities(), out?.reliability()]).toEqual([[0, 7], Reliability.RELIABLE]);
      // Each end measures its own.
      for (const end of [out, back]) expect(end?.mtu()).toBeGreaterThan(1_000);
      expect(out?.interfaces()).toEqual([expect.any(String)]);
    },
  },
  {
    name: 'with history, standing transports and links are told, then who comes and who goes',
    covers: ['+links'],
    run: async ({ sender, receiver, reach, join }) => {
      await reach('info/known');
      const info = await sender.info();
      const heard: string[] = [];
      const handler = (event: TransportEvent) => heard.push(transport(event));
      await using transports = await info.transportEventsListener({ history: true, handler });
      await using links = await info.linkEventsListener({ history: true });
      await until('the standing transport is told', () => heard.length === 1);
      const third = await join();
      await until('the third session comes', () => heard.length === 2);
      await third.leave();
      await until('the third session goes', () => heard.length === 3);
      const [standing, other] = [receiver.zid().toString(), third.session.zid().toString()];
      expect(heard).toEqual([`PUT ${standing}`, `PUT ${other}`, `DELETE ${other}`]);
      const seen: string[] = [];
      for await (const event of links) if (seen.push(link(event)) === 3) break;
      expect(seen).toEqual(heard);
      expect(transports.stats()).toEqual({ received: 3, delivered: 3, lost: 0, queued: 0 });
    },
  },
  {
    name: 'without history, what stands is not told; an undeclared listener hears no more',
    covers: ['-links', '-info'],
    run: async ({ sender, receiver, reach, dismissReceiver }) => {
      await reach('info/known');
      const info = await sender.info();
      const gone = `DELETE ${receiver.zid()}`;
      const [transports, links] = [await info.transportEventsListener(), await info.linkEventsListener()];
      let drops = 0;
      let calls = 0;
      const deaf = await info.transportEventsListener({ handler: [() => calls++, () => drops++] });
      await deaf.undeclare();
      await deaf.undeclare();
      await dismissReceiver();
      expect(transport((await transports.receiver()?.receive()) as TransportEvent)).toBe(gone);
      expect(link((await links.receiver()?.receive()) as LinkEvent)).toBe(gone);
      expect([calls, drops]).toEqual([0, 1]);
      // zenoh tells the end a moment before it takes the transport off its own list.
      const deadline = performance.now() + 10_000;
      while ((await info.transports()).length > 0) expect(performance.now()).toBeLessThan(deadline);
      expect(await info.links()).toEqual([]);
      expect((await sender.info()).peersZid()).toEqual([]);
    },
  },
  {
    name: 'events that a channel has no room for are counted as lost: a ring keeps the newest',
    covers: ['-links', '-ring'],
    run: async ({ sender, reach, join }) => {
      await reach('info/known');
      const ring = await (await sender.info()).linkEventsListener({ handler: new RingChannel<LinkEvent>(1) });
      const third = await join();
      await until('the third session comes', () => ring.stats().received === 1);
      await third.leave();
      await until('both events came', () => ring.stats().received === 2);
      expect(ring.stats()).toEqual({ received: 2, delivered: 0, lost: 1, queued: 1 });
      expect(link((await ring.receiver()?.receive()) as LinkEvent)).toBe(`DELETE ${third.session.zid()}`);
    },
  },
  {
    name: 'closing the session ends its listeners, and a closed session tells nothing of itself',
    covers: ['-links', '-info'],
    run: async ({ sender }) => {
      const info = await sender.info();
      let drops = 0;
      await info.linkEventsListener({ handler: [() => {}, () => drops++] });
      const listener = await info.transportEventsListener();
      const read = async () => {
        for await (const event of listener) throw new Error(`nobody came, but ${transport(event)}`);
      };
      const reading = read();
      const declaring = info.transportEventsListener();
      const closing = sender.close();
      await expect(declaring).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await Promise.all([closing, reading]);
      expect(drops).toBe(1);
      const closed = { code: 'SESSION_CLOSED' };
      await expect(sender.info()).rejects.toMatchObject(closed);
      await expect(info.transports()).rejects.toMatchObject(closed);
      await expect(info.links()).rejects.toMatchObject(closed);
      await expect(info.transportEventsListener()).rejects.toMatchObject(closed);
      await expect(info.linkEventsListener()).rejects.toMatchObject(closed);
    },
  },
];
