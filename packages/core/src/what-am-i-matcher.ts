// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { WhatAmI } from './enums.js';
import { CoreError } from './errors.js';

/** A role, a mask of roles (`WhatAmI.ROUTER | WhatAmI.PEER`), their names (`'router|peer'`), or a matcher. */
export type IntoWhatAmIMatcher = WhatAmIMatcher | WhatAmI | number | string;

const NAMES = new Map([
  ['router', WhatAmI.ROUTER],
  ['peer', WhatAmI.PEER],
  ['client', WhatAmI.CLIENT],
]);
const ALL = WhatAmI.ROUTER | WhatAmI.PEER | WhatAmI.CLIENT;

/** A set of roles. `WhatAmIMatcher.empty().router().peer()` is routers and peers. */
export class WhatAmIMatcher {
  /** The roles, as bits of {@link WhatAmI}. */
  readonly mask: number;

  /** @throws {CoreError} `INVALID_ARGUMENT` for anything but roles */
  constructor(roles: IntoWhatAmIMatcher) {
    this.mask = maskOf(roles);
  }

  /** Matches nothing. */
  static empty(): WhatAmIMatcher {
    return new WhatAmIMatcher(0);
  }

  router(): WhatAmIMatcher {
    return new WhatAmIMatcher(this.mask | WhatAmI.ROUTER);
  }

  peer(): WhatAmIMatcher {
    return new WhatAmIMatcher(this.mask | WhatAmI.PEER);
  }

  client(): WhatAmIMatcher {
    return new WhatAmIMatcher(this.mask | WhatAmI.CLIENT);
  }

  isEmpty(): boolean {
    return this.mask === 0;
  }

  matches(role: WhatAmI): boolean {
    return (this.mask & role) !== 0;
  }

  /** The names, as zenoh writes them: `router|peer`. */
  toString(): string {
    const names = [...NAMES].filter(([, role]) => this.matches(role));
    return names.map(([name]) => name).join('|');
  }
}

function maskOf(roles: IntoWhatAmIMatcher): number {
  if (roles instanceof WhatAmIMatcher) return roles.mask;
  if (typeof roles === 'string') {
    return roles.split('|').reduce((mask, name) => mask | (NAMES.get(name.trim()) ?? refuse(roles)), 0);
  }
  return Number.isInteger(roles) && roles >= 0 && roles <= ALL ? roles : refuse(roles);
}

function refuse(roles: unknown): never {
  throw new CoreError('INVALID_ARGUMENT', `\`${String(roles)}\` is no set of roles: router, peer, client`);
}
