// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type IntoWhatAmIMatcher, WhatAmI, WhatAmIMatcher } from '@zenoh-segments/core';

const ROLES = [WhatAmI.ROUTER, WhatAmI.PEER, WhatAmI.CLIENT];

test.each<[IntoWhatAmIMatcher, string, WhatAmI[]]>([
  [WhatAmI.PEER, 'peer', [WhatAmI.PEER]],
  [WhatAmI.ROUTER | WhatAmI.CLIENT, 'router|client', [WhatAmI.ROUTER, WhatAmI.CLIENT]],
  ['client | router', 'router|client', [WhatAmI.ROUTER, WhatAmI.CLIENT]],
  [7, 'router|peer|client', ROLES],
  [0, '', []],
  [WhatAmIMatcher.empty().client().peer().router(), 'router|peer|client', ROLES],
])('%p is %p', (roles, text, matched) => {
  const matcher = new WhatAmIMatcher(roles);
  expect(matcher.toString()).toBe(text);
  expect(ROLES.filter((role) => matcher.matches(role))).toEqual(matched);
  expect(matcher.isEmpty()).toBe(matched.length === 0);
  expect(new WhatAmIMatcher(matcher).mask).toBe(matcher.mask);
});

test.each([8, -1, 1.5, Number.NaN, 'emperor', 'peer|', '', 'toString', undefined])('%p is no set of roles', (roles) => {
  expect(() => new WhatAmIMatcher(roles as number)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('no set of roles') }),
  );
});
