// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** How much a key deserves to be asked for: the lower the sooner. */
export enum Standing {
  /** A head came from there. */
  PROVEN,
  UNKNOWN,
  /** Nobody gave the last head asked for there. */
  FAILED,
}

/** Something that takes a share of what all may use. */
export interface Claim {
  readonly standing: Standing;
  /** Where it belongs, from the widest to the narrowest: see {@link pathOf}. */
  readonly path: readonly string[];
}

/** Chunks of a key that count; what is alike beyond them is told apart by the whole key. */
const CHUNKS = 6;

/**
 * The chunks of a key, the key, and the source: who may publish on some keys only, as access control of zenoh's says it, can't
 * take the share of others by inventing keys there; nor one source that of another on the same key.
 */
export function pathOf(key: string, source: string): readonly string[] {
  const chunks = key.split('/', CHUNKS);
  while (chunks.length < CHUNKS) chunks.push('');
  return [...chunks, key, source];
}

/** The one whose turn it is: on each level the branch of which the fewest run; then of the best standing, then the oldest. */
export function neediest<C extends Claim>(waiting: readonly C[], running: readonly Claim[]): C | undefined {
  let [among, having] = [waiting, running];
  for (let level = 0; among.length > 1 && level <= CHUNKS + 1; level++) {
    const theirs = branches(having, level);
    const share = (name: string) => theirs.get(name)?.length ?? 0;
    let chosen: readonly [name: string, members: readonly C[]] | undefined;
    for (const branch of branches(among, level)) {
      const less =
        chosen === undefined ? -1 : share(branch[0]) - share(chosen[0]) || bestOf(branch[1]) - bestOf(chosen[1]);
      if (less < 0) chosen = branch;
    }
    const [name, members] = chosen as readonly [string, readonly C[]];
    among = members;
    having = theirs.get(name) ?? [];
  }
  return oldestOfBest(among);
}

/** Those of the branch that has most, on each level; of several the one of the worst standing, then the last. */
export function mostCrowded<C extends Claim>(claims: readonly C[]): readonly C[] {
  let among = claims;
  for (let level = 0; among.length > 1 && level <= CHUNKS + 1; level++) {
    let most: readonly C[] = [];
    for (const members of branches(among, level).values()) {
      const more = members.length - most.length || bestOf(members) - bestOf(most);
      if (more >= 0) most = members;
    }
    among = most;
  }
  return among;
}

function branches<C extends Claim>(claims: readonly C[], level: number): Map<string, C[]> {
  const found = new Map<string, C[]>();
  for (const claim of claims) {
    const name = claim.path[level] as string;
    const members = found.get(name);
    if (members === undefined) found.set(name, [claim]);
    else members.push(claim);
  }
  return found;
}

function bestOf(claims: readonly Claim[]): Standing {
  let best = Standing.FAILED;
  for (const { standing } of claims) if (standing < best) best = standing;
  return best;
}

function oldestOfBest<C extends Claim>(claims: readonly C[]): C | undefined {
  let found: C | undefined;
  for (const each of claims) if (found === undefined || each.standing < found.standing) found = each;
  return found;
}
