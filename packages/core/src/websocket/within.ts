// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Waits for `done`, which never rejects, at most `ms`; whether it came in time. */
export async function within(ms: number, done: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
