// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A reporter of jest for logs that are cut when they are long: tells how far the run is, and of each file that failed what
// it printed. The failures themselves come at the end, from test.mjs.

/** Files between two lines of progress. */
const STEP = 25;

export default class FailuresReporter {
  #done = 0;

  onTestResult(test, { console: printed, failureMessage }, { numTotalTestSuites, startTime }) {
    this.#done++;
    if (this.#done % STEP === 0 || this.#done === numTotalTestSuites) {
      const seconds = Math.round((Date.now() - startTime) / 1000);
      console.error(`${this.#done} of ${numTotalTestSuites} files after ${seconds} s`);
    }
    if (!failureMessage) return;
    console.error(`FAIL ${test.path}`);
    for (const { message } of printed ?? []) console.error(message);
  }
}
