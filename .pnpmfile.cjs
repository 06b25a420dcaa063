// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The published core asks for the addon's package of each platform. In the repository it must not: they are not on npm
// until a release, and the addon is built here.
const platforms = require('./packages/core/platforms.json');

function beforePacking(manifest) {
  if (manifest.name !== '@zenoh-segments/core') return manifest;
  const asked = platforms.map(({ name }) => [`${manifest.name}-${name}`, manifest.version]);
  return { ...manifest, optionalDependencies: Object.fromEntries(asked) };
}

module.exports = { hooks: { beforePacking } };
