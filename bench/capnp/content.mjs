// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// What the messages hold, and what reading them must give: every job ends in a sum that the harness knows. The Python peer
// (pycapnp_peer.py) builds and sums the same.

/** @typedef {import('../../test/golden/capnp/telemetry.js').Telemetry} Telemetry */

/** Every kind of field, small; the frame, which makes the size, is the caller's. @param {Telemetry} root */
export function fillFields(root) {
  root.sequence = 123_456_789n;
  root.timestamp = -987_654_321n;
  root.temperature = 21;
  root.active = true;
  root.flags = 0xa5;
  root.gain = 0.75;
  root.health = 1;
  root.name = 'Messgerät 7';
  const position = root._initPosition();
  position.latitude = 52.5;
  position.longitude = -13.25;
  position.altitude = 34.5;
  const readings = root._initReadings(3);
  for (let i = 0; i < 3; i++) {
    const reading = readings.get(i);
    reading.sensor = `sensor ${i}`;
    reading.value = i / 4;
    reading.health = 2;
  }
  const spectrum = root._initSpectrum(8);
  for (let i = 0; i < 8; i++) spectrum.set(i, i / 8);
  const tags = root._initTags(2);
  tags.set(0, 'first');
  tags.set(1, 'second');
  const marks = root._initMarks(10);
  for (let i = 0; i < 10; i++) marks.set(i, i % 3 === 0);
  root.extra.retryAfter = 250;
}

/** Reads every kind of field, but not the frame; the absent `next` too. @param {Telemetry} root */
export function touchFields(root) {
  let sum = Number(root.sequence) + Number(root.timestamp) + root.temperature + root.flags + root.gain + root.health;
  sum += root.active ? 1 : 0;
  sum += root.name.length;
  const { latitude, longitude, altitude } = root.position;
  sum += latitude + longitude + altitude;
  const { readings, spectrum, tags, marks, extra } = root;
  for (let i = 0; i < readings.length; i++) {
    const reading = readings.get(i);
    sum += reading.sensor.length + reading.value + reading.health;
  }
  for (let i = 0; i < spectrum.length; i++) sum += spectrum.get(i);
  for (let i = 0; i < tags.length; i++) sum += tags.get(i).length;
  for (let i = 0; i < marks.length; i++) sum += marks.get(i) ? 1 : 0;
  if (extra._isRetryAfter) sum += extra.retryAfter;
  return sum + (root._hasNext() ? 1 : 0);
}

const FIELDS =
  123_456_789 - 987_654_321 + 21 + 0xa5 + 0.75 + 1 + 1 + 11 + (52.5 - 13.25 + 34.5) + 30.75 + 3.5 + 11 + 4 + 250;

/** @param {Uint8Array} bytes */
export function touchFrame(bytes) {
  return touchSegments([bytes]);
}

/** Length, first and last byte. @param {readonly Uint8Array[]} segments */
export function touchSegments(segments) {
  let length = 0;
  for (const segment of segments) length += segment.byteLength;
  const last = segments.at(-1);
  return length + Number(segments[0]?.[0]) + Number(last?.[last.length - 1]);
}

/** Every kind of field, and the ends of the frame. @param {Telemetry} root */
export function touch(root) {
  return touchFields(root) + touchFrame(root.frame.toUint8Array());
}

/** @param {number} size a multiple of 256 */
export const touchSum = (size) => FIELDS + size + 255;

/** @param {number} size */
export const countingFrame = (size) => repeated(size, (i) => i);

/** Of each eight words four are zero, and four have one byte that is not: small numbers. @param {number} size */
export const zeroHeavyFrame = (size) => repeated(size, (i) => (i % 8 === 0 && i & 32 ? 7 : 0));

/** 256 bytes over and over. @param {number} size @param {(index: number) => number} byte */
function repeated(size, byte) {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < 256; i++) bytes[i] = byte(i);
  for (let filled = 256; filled < size; filled *= 2) bytes.copyWithin(filled, 0, filled);
  return bytes;
}

/** One zero in 256 bytes. @param {number} size */
export const denseFrame = (size) => Uint8Array.from({ length: size }, (_, i) => i * 7 + (i >>> 8) * 13);

/** @param {Uint8Array} bytes */
export const byteSum = (bytes) => bytes.reduce((sum, byte) => sum + byte, 0);

/** @param {Telemetry} root @param {number} count */
export function fillDoubles(root, count) {
  const list = root._initSpectrum(count);
  for (let i = 0; i < count; i++) list.set(i, i / 8);
}

/** @param {number} count */
export const doublesSum = (count) => (count * (count - 1)) / 16;

/** @param {Telemetry} root @param {number} count */
export function fillStructs(root, count) {
  const list = root._initReadings(count);
  for (let i = 0; i < count; i++) {
    const reading = list.get(i);
    reading.value = i / 4;
    reading.health = 2;
  }
}

/** @param {number} count */
export const structsSum = (count) => (count * (count - 1)) / 8 + 2 * count;

/** @param {Telemetry} root @param {number} count */
export function fillTexts(root, count) {
  const list = root._initTags(count);
  for (let i = 0; i < count; i++) list.set(i, `sensor ${String(i).padStart(6, '0')}`);
}

/** @param {Iterable<string>} texts */
export function touchTexts(texts) {
  let sum = 0;
  for (const text of texts) sum += text.length + text.charCodeAt(12);
  return sum;
}

/** The last digits of ten texts that follow each other: 0 to 9. @param {number} count a multiple of 10 */
export const textsSum = (count) => 13 * count + (count / 10) * (48 * 10 + 45);
