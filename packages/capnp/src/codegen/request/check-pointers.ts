// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { followFar, inside, invalid, type Place, POINTERS, placeIn, STRUCTS, VOIDS, wordsOfList } from './pointer.js';

/** Pointers may lead this deep: what `capnp` makes stays below 64, where its own plugins stop. */
const DEPTH = 128;

/** Pointers that lie `stride` apart, in groups; the walk goes on at `next`. */
interface Run {
  readonly segment: DataView;
  readonly at: number;
  readonly perGroup: number;
  readonly stride: number;
  readonly total: number;
  next: number;
}

/**
 * Walks every pointer from the root, and throws where one leaves its segment, or a list claims more elements than its
 * bytes can hold: capnp-es allocates on the word of such a list before it looks. What is charged is what is walked, so a
 * message whose pointers alias or form a cycle ends as well. What is kept is one run of pointers for each level.
 *
 * Follows https://capnproto.org/encoding.html
 *
 * @param budget words that may be walked
 */
export function checkPointers(segments: readonly DataView[], budget: number): void {
  const path: Run[] = [];
  let left = budget;
  const charge = (words: number) => {
    left -= words;
    if (left < 0) throw invalid('its pointers lead to more than it holds');
  };
  /** The pointers of `count` structs, the first at `at`. */
  const structs = (segment: DataView, at: number, dataWords: number, pointers: number, count = 1) => {
    if (pointers * count === 0) return;
    if (path.length === DEPTH) throw invalid(`its pointers nest deeper than ${DEPTH} levels`);
    const stride = 8 * (dataWords + pointers);
    path.push({ segment, at: at + 8 * dataWords, perGroup: pointers, stride, total: pointers * count, next: 0 });
  };

  const root = placeIn(segments, 0, 0, 1);
  structs(root.segment, root.at, 0, 1);
  for (let place = nextOf(path); place !== undefined; place = nextOf(path)) {
    charge(1);
    const found = followFar(segments, place);
    if (found === undefined) continue;
    const { segment, at, low, high } = found;
    if ((low & 3) === 0) {
      const dataWords = high & 0xffff;
      const pointers = high >>> 16;
      charge(dataWords + pointers);
      inside(segment, at, dataWords + pointers);
      structs(segment, at, dataWords, pointers);
    } else if ((low & 3) === 1) {
      const count = high >>> 3;
      const size = high & 7;
      if (size !== STRUCTS) {
        const words = wordsOfList(high);
        charge(size === VOIDS ? count : words);
        inside(segment, at, words);
        if (size === POINTERS) structs(segment, at, 0, count);
      } else {
        inside(segment, at, count + 1);
        const elements = segment.getUint32(at, true) >>> 2;
        const sizes = segment.getUint32(at + 4, true);
        const dataWords = sizes & 0xffff;
        const pointers = sizes >>> 16;
        const words = dataWords + pointers;
        if (elements * words > count) throw invalid('a list claims more elements than it has room for');
        charge(words === 0 ? elements : count);
        structs(segment, at + 8, dataWords, pointers, elements);
      }
    }
  }
}

/** The next pointer of the deepest run that has one; those that have none are left. */
function nextOf(path: Run[]): Place | undefined {
  for (let run = path.at(-1); run !== undefined; run = path.at(-1)) {
    if (run.next < run.total) {
      const group = Math.floor(run.next / run.perGroup);
      const at = run.at + group * run.stride + 8 * (run.next - group * run.perGroup);
      run.next++;
      return { segment: run.segment, at };
    }
    path.pop();
  }
  return undefined;
}
