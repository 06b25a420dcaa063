// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The priority of a message: a lower number goes first. */
export enum Priority {
  REAL_TIME = 1,
  INTERACTIVE_HIGH = 2,
  INTERACTIVE_LOW = 3,
  DATA_HIGH = 4,
  DATA = 5,
  DATA_LOW = 6,
  BACKGROUND = 7,
  DEFAULT = DATA,
}

/** What a node does with a message when its queue is full. */
export enum CongestionControl {
  /** It may drop the message. */
  DROP = 0,
  /** It waits for room. */
  BLOCK = 1,
  /**
   * It waits for room for the first such message, and drops those that come meanwhile. zenoh reads the payload after the
   * put, so JavaScript's memory is copied first, counted as `offload`.
   */
  BLOCK_FIRST = 2,
  DEFAULT_PUSH = DROP,
  DEFAULT_REQUEST = BLOCK,
  DEFAULT_RESPONSE = BLOCK,
}

/**
 * Which kind of link a message may take, such as UDP for best effort and TCP for reliable. It is a mark only: zenoh sends
 * nothing again because of it.
 */
export enum Reliability {
  BEST_EFFORT = 0,
  RELIABLE = 1,
  DEFAULT = RELIABLE,
}

/** Where samples or queries may come from, or go to. */
export enum Locality {
  /** This session only. */
  SESSION_LOCAL = 0,
  /** Other sessions only. */
  REMOTE = 1,
  ANY = 2,
  DEFAULT = ANY,
}

/** What a sample says about its key. */
export enum SampleKind {
  PUT = 0,
  DELETE = 1,
}

/** Where on a message's way a time is noted: see `TimestampInstrumentation`. */
export enum InterceptionPoint {
  /** It leaves the sender. */
  SEND = 1,
  /** It passes the routing of a node, the sender's and the receiver's own included. */
  ROUTE = 2,
  /** It is delivered. */
  RECEIVE = 4,
}

/** Which queryables a query goes to. */
export enum QueryTarget {
  /** The nearest complete one if there is one, otherwise all that match. */
  BEST_MATCHING = 0,
  /** All that match. */
  ALL = 1,
  /** All that match and are declared complete. */
  ALL_COMPLETE = 2,
  DEFAULT = BEST_MATCHING,
}

/** Which of the replies to a query are handed on. */
export enum ConsolidationMode {
  /** Zenoh chooses. */
  AUTO = 0,
  /** All of them. */
  NONE = 1,
  /** At once, except those that are not newer than one handed on before with the same key. */
  MONOTONIC = 2,
  /** At the end, the newest of each key. */
  LATEST = 3,
  DEFAULT = AUTO,
}

/** The role of a zenoh node; the values are bits of a mask. */
export enum WhatAmI {
  ROUTER = 1,
  PEER = 2,
  CLIENT = 4,
}

/** Which key expressions the replies to a query may have. */
export enum ReplyKeyExpr {
  /** Any. */
  ANY = 0,
  /** Those that intersect the query's. */
  MATCHING_QUERY = 1,
  DEFAULT = MATCHING_QUERY,
}
