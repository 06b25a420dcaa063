// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, Union } from 'apache-arrow';
import { invalid } from '../../errors.js';
import { canWeigh, type Step } from './read-weight.js';
import { SharedWeights } from './shared-weights.js';

/** Type ids are bytes, of which the format uses those from 0 to 127. */
const IDS = 256;
/** Shared values that are looked up before somebody is told: to tell each takes longer than to find it. */
const TOLD_VALUES = 4096;
/** Rows by turns of values that are known already: as many take as long as a step does. */
const VALUES_A_STEP = 8;

/** What {@link checkUnion} needs besides the columns. */
export interface UnionCheck {
  /** Whether the offsets into each child must also rise, as the format wants it. */
  readonly rising: boolean;
  /** Is told the bytes that values come to which rows of a dense union have in common with rows before. */
  readonly admitRepeated: (bytes: number) => void;
  /** Is told what it takes to find that out. */
  readonly admitSteps: Step;
}

/**
 * Checks what apache-arrow follows blindly: which child a value is in, and where in a dense union's child.
 *
 * @param offsets of a dense union, one for each type id.
 * @throws {ArrowPayloadError} `ARROW_INVALID`, and what `admitRepeated` and `admitSteps` throw.
 */
export function checkUnion(
  type: Union,
  typeIds: Int8Array,
  offsets: Int32Array | undefined,
  children: readonly Data[],
  { rising, admitRepeated, admitSteps }: UnionCheck,
  name: string,
): void {
  if (typeIds.length === 0) return;
  const lengths = new Int32Array(IDS).fill(-1);
  const weighty: SharedWeights[] = [];
  for (let child = 0; child < children.length; child++) {
    const id = type.typeIds[child] as number;
    const data = children[child] as Data;
    lengths[id] = data.length;
    if (canWeigh(data)) weighty[id] = new SharedWeights(data, admitSteps);
  }
  const last = new Int32Array(IDS).fill(-1);
  let repeated = 0;
  let found = 0;
  for (let i = 0; i < typeIds.length; ) {
    const typeId = typeIds[i] as number;
    const id = typeId & (IDS - 1);
    const length = lengths[id] as number;
    if (length < 0) throw invalid(`the type id ${typeId}, which the union does not have`, name);
    const first = i++;
    if (offsets === undefined) continue;
    const offset = offsets[first] as number;
    if (offset < 0 || offset >= length) throw invalid(`an offset of ${offset} into a child of ${length} values`, name);
    // The rows behind that are the same value are right if this one is.
    while (i < typeIds.length && offsets[i] === offset && typeIds[i] === typeId) i++;
    // Values that a row before may have as well: the same bytes again, of which each reading makes something new.
    let again = i - first;
    const before = last[id] as number;
    if (offset > before) {
      last[id] = offset;
      again -= 1;
    } else if (rising && offset < before) throw invalid("offsets into a union's child that fall", name);
    if (again === 0) continue;
    const child = weighty[id];
    if (child === undefined) continue;
    repeated += child.of(offset) * again;
    if (++found < TOLD_VALUES) continue;
    admitSteps(found / VALUES_A_STEP);
    admitRepeated(repeated);
    repeated = found = 0;
  }
  admitSteps(Math.floor(found / VALUES_A_STEP));
  if (repeated > 0) admitRepeated(repeated);
}
