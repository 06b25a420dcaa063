// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ENTRIES, type Surface, surfacesOf } from './surface.js';

export interface Difference {
  readonly theirs: string;
  /** Undefined when it is missing here. */
  readonly ours: string | undefined;
}

/** What a program written for zenoh-ts can use there, and not, or not in the same way, here. */
export function differences(): Map<string, Difference> {
  const found = new Map<string, Difference>();
  const entries = Object.values(ENTRIES).flatMap(({ theirs, ours }) => [theirs, ours]);
  const surfaces = surfacesOf(entries);
  for (let i = 0; i < surfaces.length; i += 2) {
    const [theirs, ours] = surfaces.slice(i, i + 2) as [Surface, Surface];
    for (const [name, use] of theirs) {
      if (!serves(use, ours.get(name))) found.set(name, { theirs: use, ours: ours.get(name) });
    }
  }
  return found;
}

/** Whether whoever uses theirs can use ours. Judged by text: what is equal but written differently counts as different. */
function serves(theirs: string, ours: string | undefined): boolean {
  // A constructor that only the library itself can call.
  if (theirs.includes('SessionInner')) return true;
  if (ours === undefined) return false;
  // `any` is what their declarations come to where they do not compile.
  if (theirs === 'any' || ours === theirs || `readonly ${ours}` === theirs) return true;
  return ours.split(' & ').some((overload) => accepts(theirs, overload));
}

function accepts(theirs: string, ours: string): boolean {
  const [wanted, given] = [parts(theirs), parts(ours)];
  if (wanted === undefined || given === undefined) return theirs === ours;
  const { length } = wanted.parameters;
  const more = given.parameters.slice(length);
  return (
    // Nobody uses the result of what gives none there.
    (wanted.result === 'void' || wanted.result === given.result) &&
    more.every((parameter) => parameter.endsWith('?')) &&
    wanted.parameters.join() === given.parameters.slice(0, length).join()
  );
}

function parts(signature: string): { parameters: string[]; result: string | undefined } | undefined {
  const [, parameters, result] = /^\((.*?)\)(?: => (.*))?$/.exec(signature) ?? [];
  return parameters === undefined ? undefined : { parameters: parameters.split(', ').filter(Boolean), result };
}
