// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * Instructions that the code of one file took by itself, without those it called elsewhere, from what callgrind wrote.
 *
 * @param {string} text @param {string} object the end of the file's path
 */
export function instructionsOf(text, object) {
  /** @type {Map<string, string>} */
  const names = new Map();
  let inside = false;
  let isCall = false;
  let sum = 0;
  for (const line of text.split('\n')) {
    const named = /^(c?)ob=(\(\d+\))(?: (.*))?$/.exec(line);
    if (named !== null) {
      const [, called, number = '', path] = named;
      if (path !== undefined) names.set(number, path);
      if (called === '') inside = names.get(number)?.endsWith(object) === true;
    } else if (line.startsWith('calls=')) {
      // The line after it has what the called function took.
      isCall = true;
    } else if (/^[\d+*-]/.test(line)) {
      if (inside && !isCall) sum += Number(line.split(' ').at(-1));
      isCall = false;
    }
  }
  return sum;
}
