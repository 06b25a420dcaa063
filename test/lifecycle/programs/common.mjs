// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Config, Session } from '@zenoh-segments/core';

/** A session that meets nobody unless told to listen on, or connect to, a port of the loopback interface. */
export function openSession({ listen, connect } = {}) {
  const config = new Config();
  config.insertJson5('scouting/multicast/enabled', 'false');
  config.insertJson5('scouting/delay', '0');
  config.insertJson5('listen/endpoints', listen === undefined ? '[]' : `["tcp/127.0.0.1:${listen}"]`);
  if (connect !== undefined) config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${connect}"]`);
  return Session.open(config);
}
