// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * What zenoh offers to a program, one row each: the yardstick of docs/api-parity.md. The list is fixed: a feature is
 * not dropped because no case covers it.
 */
export const features = {
  open: 'open, close, isClosed',
  config: 'config: JSON5, file, environment, insert, get',
  info: 'session info: zid, routers, peers, locators',
  scout: 'scout',
  put: 'put, delete, get',
  encoding: 'encoding, custom string and schema',
  qos: 'priority, congestion control, express',
  'block-first': 'congestion control BlockFirst',
  locality: 'reliability, allowed destination, allowed origin',
  attachment: 'attachment, timestamp',
  'source-info': 'SourceInfo: source id and sequence number',
  'timestamp-stack': 'timestamp stack: instrumentation of send, route and receive',
  callback: 'subscriber: callback',
  fifo: 'FIFO handler',
  ring: 'ring handler',
  async: 'async, await, streams',
  queryable: 'queryable: complete, origin, reply, replyErr, replyDel',
  'reply-sample': 'reply with a sample, id of the replier',
  querier: 'querier: target, consolidation, timeout, accepted replies',
  get: 'get: parameters, payload, selector',
  cancellation: 'cancellation token',
  liveliness: 'liveliness: token, subscriber with history, get',
  matching: 'matching status and listener, of publisher and querier',
  links: 'transports and links, with event listeners',
  'advanced-publisher': 'advanced publisher: cache, miss detection, heartbeat, publisher detection',
  'advanced-subscriber': 'advanced subscriber: history, late publishers, recovery, retention, miss listener',
  serialization: "zenoh's serialization format",
  'key-expr': 'key expressions: canonize, join, concat, includes, intersects',
  'key-format': 'key expressions: relation, format templates, tree',
  'declare-key-expr': 'declared key expression: a number on the wire',
  segments: 'a payload out of many slices, without a copy',
  shm: 'shared memory: provider, allocation policies, asynchronous allocation',
  'shm-clients': 'shared memory: custom backend and clients, provider shared by a session',
  'implicit-shm': 'shared memory: implicit for large puts',
  security: 'TLS, mTLS, user and password, public key, access control, downsampling, low-pass filter',
  reconnect: 'reconnect, and declare again after the loss of a link',
} as const;

export type Feature = keyof typeof features;

/** What of a row is not here, and why: told below the table. */
export const absent: Partial<Record<keyof typeof features, string>> = {
  'timestamp-stack':
    "a clock of the program's own (`with_timestamp_callback`): zenoh calls it on its threads, where JavaScript can not be. What such clocks of others note is read.",
  'shm-clients':
    'backends and clients of other kinds of shared memory, written by the program: zenoh calls them on its threads, inside a put or a receive, where JavaScript can not be. The pool of a session is `Session.shmProvider`.',
};

/** What a row means over a WebSocket where its cases do not tell: told below the table. */
export const overWebSocket: Partial<Record<Feature, string>> = {
  'declare-key-expr': 'the protocol has texts alone, so a declared key expression goes to the server as its text.',
  security:
    'what the configuration of the server says of its links. Between the client and the server there is TLS (`wss`), and no user or password.',
  reconnect:
    'here of a link of the server. That the WebSocket itself is made again is no part of the list: `test/unit/core/websocket`.',
};

/** `+`: the case shows that the feature does what it says; `-`: that it refuses, bounds or ends what it must. */
export type Coverage = `${'+' | '-'}${Feature}`;
