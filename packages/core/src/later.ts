// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Runs `task` soon, after timers and sockets got their turn: Node's `setImmediate`, or a message in browsers. */
export const later: (task: () => void) => void = typeof setImmediate === 'function' ? setImmediate : byMessage();

function byMessage(): (task: () => void) => void {
  const tasks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  // The types are Node's, which has another form for the same.
  (port1 as unknown as { onmessage: () => void }).onmessage = () => tasks.shift()?.();
  return (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
}
