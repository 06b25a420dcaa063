// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * Every error code this package gives, in one list.
 *
 * | code | meaning |
 * |---|---|
 * | `CONFIG_INVALID` | a config text, file, key or value that zenoh refuses |
 * | `KEY_EXPR_INVALID` | not a canonical zenoh key expression |
 * | `KEY_FORMAT_INVALID` | not the text of a key format |
 * | `KEY_FORMAT_MISMATCH` | a value or a key that does not fit a key format |
 * | `SESSION_CLOSED` | the session, or the entity declared on it, is closed |
 * | `OPEN_FAILED` | zenoh could not open the session |
 * | `SERVE_FAILED` | a session's websocket server could not start: an address in use, a certificate that can't be used |
 * | `NETWORK` | zenoh refused an operation on an open session, or finds no interface to scout on |
 * | `BUFFER_DETACHED` | a segment whose ArrayBuffer was transferred or detached |
 * | `BUFFER_UNSUPPORTED` | a memory kind that the asked ownership can't keep its promise for |
 * | `PAYLOAD_DISPOSED` | a payload used after its dispose |
 * | `RANGE` | a range outside the payload |
 * | `DESERIALIZE` | bytes that are not the serialized value that was asked for |
 * | `SHM_EXHAUSTED` | the shared-memory pool has no room for the allocation |
 * | `SHM_LOCK_LIMIT` | shared memory must be locked in memory, and the process may not lock that much (`ulimit -l`) |
 * | `SHM_UNAVAILABLE` | shared memory could not be set up (no room, no permission) |
 * | `INVALID_ARGUMENT` | an argument of the wrong kind or outside its bounds |
 * | `NOT_ZERO_COPY` | `assertZeroCopy()` found copied bytes |
 * | `RECEIVER_CLOSED` | a receive on a channel whose subscriber is gone |
 * | `CLOSE_TIMEOUT` | a peer did not answer the end of a session in time; it is closed, not cleanly |
 * | `CANCELLED` | a get or a scouting cancelled before it began, or a wait for shared memory that was given up |
 * | `PUT_TIMEOUT` | a peer did not take a message with `BLOCK` in time; zenoh closed the link to it |
 * | `QUERY_FINALIZED` | a reply to a query that was finalized |
 * | `OVERFLOW` | a subscriber with policy `error` was slower than its bound |
 * | `HAND_OVER_UNKNOWN` | a hand-over that was taken over already, or whose sender has ended |
 * | `HAND_OVER_FULL` | too many payloads of this thread wait to be taken over |
 * | `UNSUPPORTED` | what the server of a WebSocket session, or its protocol, can't do |
 * | `DISCONNECTED` | a WebSocket session has no connection now, or lost it before an answer came |
 * | `NOT_REMOTE_API` | what answers at a locator is no remote-api server, or does not keep to the protocol |
 * | `BACKLOG_FULL` | more bytes wait to be sent over the WebSocket than its `backlog` allows |
 * | `MESSAGE_TOO_LARGE` | a message that the WebSocket server would not take |
 * | `ADDON_LOAD` | the native addon is missing or does not fit this machine |
 * | `INTERNAL` | a bug of ours: a panic or an unexpected exception in the native layer |
 */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'KEY_EXPR_INVALID'
  | 'KEY_FORMAT_INVALID'
  | 'KEY_FORMAT_MISMATCH'
  | 'SESSION_CLOSED'
  | 'OPEN_FAILED'
  | 'SERVE_FAILED'
  | 'NETWORK'
  | 'BUFFER_DETACHED'
  | 'BUFFER_UNSUPPORTED'
  | 'PAYLOAD_DISPOSED'
  | 'RANGE'
  | 'DESERIALIZE'
  | 'SHM_EXHAUSTED'
  | 'SHM_LOCK_LIMIT'
  | 'SHM_UNAVAILABLE'
  | 'INVALID_ARGUMENT'
  | 'NOT_ZERO_COPY'
  | 'RECEIVER_CLOSED'
  | 'CLOSE_TIMEOUT'
  | 'CANCELLED'
  | 'PUT_TIMEOUT'
  | 'QUERY_FINALIZED'
  | 'OVERFLOW'
  | 'HAND_OVER_UNKNOWN'
  | 'HAND_OVER_FULL'
  | 'UNSUPPORTED'
  | 'DISCONNECTED'
  | 'NOT_REMOTE_API'
  | 'BACKLOG_FULL'
  | 'MESSAGE_TOO_LARGE'
  | 'ADDON_LOAD'
  | 'INTERNAL';

/** The base of every error thrown by `@zenoh-segments/*`: `code` is stable, `message` is for people. */
export class ZenohError<Code extends string = string> extends Error {
  override readonly name: string = 'ZenohError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the core package; `code` is one of {@link ErrorCode}. */
export class CoreError extends ZenohError<ErrorCode> {
  override readonly name: string = 'CoreError';
}

/** A segment or a range that can't be used as asked. */
export class SegmentError extends CoreError {
  override readonly name = 'SegmentError';
  /** The index of the segment in the list given, when one is to blame. */
  readonly segmentIndex: number | undefined;

  constructor(code: ErrorCode, message: string, segmentIndex?: number) {
    super(code, message);
    this.segmentIndex = segmentIndex;
  }
}

/** What does not go over a WebSocket because it is too much: `BACKLOG_FULL` or `MESSAGE_TOO_LARGE`. */
export class LimitError extends CoreError {
  override readonly name = 'LimitError';
  /** Bytes of the message, as it would be sent. */
  readonly size: number;
  /** Bytes that are allowed. */
  readonly limit: number;

  constructor(code: 'BACKLOG_FULL' | 'MESSAGE_TOO_LARGE', message: string, size: number, limit: number) {
    super(code, message);
    this.size = size;
    this.limit = limit;
  }
}

/** What does not fit a key format. */
export class KeFormatError extends CoreError {
  override readonly name = 'KeFormatError';
  /** The name of the field to blame, when there is one. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, field?: string) {
    super(code, message);
    this.field = field;
  }
}

/** Thrown by `assertZeroCopy()`. */
export class NotZeroCopyError extends CoreError {
  override readonly name = 'NotZeroCopyError';
  /** Bytes copied, by reason. */
  readonly reasons: Readonly<Record<string, number>>;

  constructor(reasons: Readonly<Record<string, number>>) {
    const list = Object.entries(reasons).map(([reason, bytes]) => `${reason}: ${bytes} B`);
    super('NOT_ZERO_COPY', `bytes were copied (${list.join(', ')})`);
    this.reasons = reasons;
  }
}
