// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Child } from './child.js';
import type { Job, Published, Received } from './job.js';
import { leftOver } from './shm-files.js';

/** A job takes a second or two; a busy machine takes longer, one that hangs is told. */
const LIMIT_MS = 120_000;

export interface Result {
  readonly job: Job;
  readonly published: Published;
  readonly received: Received;
  /** Files that the two processes left in /dev/shm. */
  readonly leftOver: readonly string[];
}

/** Runs a job in two processes. @throws {Error} when one of them fails, or when it takes too long. */
export async function run(job: Job): Promise<Result> {
  const subscriber = new Child('subscriber', job);
  let publisher: Child | undefined;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  const work = async (): Promise<Result> => {
    await subscriber.message('ready');
    publisher = new Child('publisher', job);
    const [published, received] = await Promise.all([publisher.message('published'), subscriber.message('received')]);
    await Promise.all([publisher.ended(), subscriber.ended()]);
    return { job, published, received, leftOver: leftOver([...published.shmFiles, ...received.shmFiles]) };
  };
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
    subscriber.kill();
    publisher?.kill();
  }
}
