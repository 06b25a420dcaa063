// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Claim, mostCrowded, neediest, pathOf, Standing } from './fair-share.js';

/** Heads asked for at once, and those of one key. */
export const MAX_FETCHES = 64;
const MAX_OF_KEY = 8;
/** That wait for their turn, and those of one key. */
const MAX_WAITING = 256;
const MAX_WAITING_OF_KEY = 32;
/** Milliseconds that each may take even when others wait. */
const SHORTEST = 250;

interface Fetch extends Claim {
  readonly key: string;
  readonly end: AbortController;
  /** On the clock of `performance`. */
  begun: number;
  begin(mayRun: boolean): void;
}

/** Where a head is asked for, and who named it, where samples say that. */
export interface Place {
  readonly key: string;
  readonly source: string;
}

/**
 * Whose head is asked for next. Strangers can name heads that nobody has, as many as they like: each would take its place
 * until the timeout. So each key, each source on it, and each branch of keys has its share. Every second turn goes to keys that
 * gave a head, if one of them waits, and as long as anyone waits, the one that is at it for longest gives way.
 */
export class FetchTurns {
  readonly #running = new Set<Fetch>();
  /** The oldest first. */
  readonly #waiting: Fetch[] = [];
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs `job` when it is its turn. Undefined when too many wait already, or it did not come to it in `patience` ms. */
  async run<T>(
    { key, source }: Place,
    standing: Standing,
    patience: number,
    job: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const end = new AbortController();
    let fetch: Fetch | undefined;
    const mayRun = await new Promise<boolean>((begin) => {
      fetch = { key, path: pathOf(key, source), standing, end, begun: 0, begin };
      if (this.#hasPlace(fetch)) this.#begin(fetch);
      else this.#wait(fetch, patience);
    });
    if (fetch === undefined || !mayRun) return undefined;
    try {
      return await job(end.signal);
    } finally {
      this.#running.delete(fetch);
      this.#advance();
    }
  }

  /** Ends everything. */
  end(): void {
    for (const fetch of this.#waiting.splice(0)) fetch.begin(false);
    for (const fetch of this.#running) fetch.end.abort();
    clearTimeout(this.#timer);
  }

  #begin(fetch: Fetch): void {
    fetch.begun = performance.now();
    this.#running.add(fetch);
    fetch.begin(true);
  }

  #wait(fetch: Fetch, patience: number): void {
    if (!this.#hasRoom(fetch)) {
      fetch.begin(false);
      return;
    }
    this.#waiting.push(fetch);
    const timer = setTimeout(() => this.#refuse(fetch), patience);
    const { begin } = fetch;
    fetch.begin = (mayRun) => {
      clearTimeout(timer);
      begin(mayRun);
    };
    this.#press();
  }

  /** Whether it may wait, in the room of its key and of all; where there is none, one of the most crowded branch goes. */
  #hasRoom(fetch: Fetch): boolean {
    const ofKey = this.#waiting.filter(({ key }) => key === fetch.key);
    const isKeyFull = ofKey.length >= MAX_WAITING_OF_KEY;
    if (!isKeyFull && this.#waiting.length < MAX_WAITING) return true;
    const worst = mostCrowded([...(isKeyFull ? ofKey : this.#waiting), fetch]).at(-1) as Fetch;
    if (worst !== fetch) this.#refuse(worst);
    return worst !== fetch;
  }

  #refuse(fetch: Fetch): void {
    this.#waiting.splice(this.#waiting.indexOf(fetch), 1);
    fetch.begin(false);
  }

  #hasPlace({ key }: Fetch): boolean {
    return this.#running.size < MAX_FETCHES && count(this.#running, key) < MAX_OF_KEY;
  }

  #advance(): void {
    for (;;) {
      const next = this.#next(this.#waiting.filter((each) => this.#hasPlace(each)));
      if (next === undefined) break;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#begin(next);
      this.#turn++;
    }
    this.#press();
  }

  /** Every second turn is that of the best standing: who proved a key must not keep all others waiting either. */
  #next(waiting: readonly Fetch[]): Fetch | undefined {
    const running = [...this.#running];
    if (this.#turn % 2 === 1) return neediest(waiting, running);
    const proven = waiting.filter(({ standing }) => standing === Standing.PROVEN);
    return neediest(proven.length > 0 ? proven : waiting, running);
  }

  /** While one waits, another ends after its time: of those of the worst standing, in the branch that has most, the longest at it. */
  #press(): void {
    clearTimeout(this.#timer);
    const next = this.#next(this.#waiting);
    if (next === undefined) return;
    const isKeyFull = count(this.#running, next.key) >= MAX_OF_KEY;
    const inTheWay = (each: Fetch) => !each.end.signal.aborted && (!isKeyFull || each.key === next.key);
    const running = [...this.#running].filter(inTheWay);
    const worst = Math.max(...running.map(({ standing }) => standing));
    // Those that began first are last.
    const longest = mostCrowded(running.filter(({ standing }) => standing === worst).reverse()).at(-1);
    if (longest === undefined) return;
    const left = longest.begun + SHORTEST - performance.now();
    if (left <= 0) longest.end.abort(GIVEN_UP);
    // Its end calls for the next.
    else this.#timer = setTimeout(() => this.#press(), left);
  }
}

/** The reason of the signal of one that gave way. */
export const GIVEN_UP = 'given up, as others waited';

function count(fetches: Iterable<Fetch>, key: string): number {
  let found = 0;
  for (const each of fetches) if (each.key === key) found++;
  return found;
}
