// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', decorators: false }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...common,
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/browser/'],
    },
    // Apart, as only these need the pages that are built before the first of them runs.
    { ...common, testMatch: ['<rootDir>/browser/**/*.test.ts'], globalSetup: '<rootDir>/browser/build-pages.mjs' },
  ],
  maxWorkers: 2,
  // Longer than what a hang is guarded with, whose text says more.
  testTimeout: 120_000,
};
