// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Tries what needs locked memory, and tells as JSON how it ended.
import { Config, diagnoseShm, Session, ShmProvider } from '@zenoh-segments/core';

const outcome = async (act) => {
  try {
    await act();
    return 'ok';
  } catch ({ code, message }) {
    return { code, message };
  }
};
const open = async (settings) => {
  const config = new Config();
  config.insertJson5('scouting/multicast/enabled', 'false');
  config.insertJson5('listen/endpoints', '[]');
  for (const [key, value] of Object.entries(settings)) config.insertJson5(`transport/shared_memory/${key}`, value);
  const session = await Session.open(config);
  await session.close();
};
const ended = {
  lazy: await outcome(() => open({})),
  eager: await outcome(() => open({ mode: '"init"' })),
  off: await outcome(() => open({ enabled: 'false' })),
  small: await outcome(() => new ShmProvider({ size: 4096 })),
  large: await outcome(() => new ShmProvider({ size: 1 << 20 })),
  problems: (await diagnoseShm()).problems,
  orphans: (await diagnoseShm()).facts.segments.filter(({ own, inUse }) => !own && inUse === false),
};
console.log(`ended ${JSON.stringify(ended)} end`);
