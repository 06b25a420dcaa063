// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { Session } from '@zenoh-segments/core';
import { isolated } from '../../support/sessions.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

export const sharedMemory: Case[] = [
  {
    name: 'a session tells which peers have shared memory',
    run: async ({ sender, receiver }) => {
      const { facts, problems } = await sender.diagnoseShm();
      expect(facts.session).toEqual({
        enabled: true,
        implicitPool: null,
        peers: [{ zid: receiver.zid().toString(), whatami: 'peer', shm: true }],
      });
      expect(problems.map(({ code }) => code)).not.toContain('PEER_WITHOUT_SHM');
    },
  },
  {
    name: 'a session that has shared memory switched off says so, and a closed one says nothing',
    run: async () => {
      const config = isolated();
      config.insertJson5('transport/shared_memory/enabled', 'false');
      const session = await Session.open(config);
      const { facts, problems } = await session.diagnoseShm();
      expect(facts.session).toEqual({ enabled: false, implicitPool: null, peers: [] });
      expect(problems.map(({ code }) => code)).toContain('DISABLED');
      await session.close();
      await expect(session.diagnoseShm()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
];
