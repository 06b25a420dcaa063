// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The remote-api protocol of zenoh 1.10, as zenoh-plugin-remote-api 1.10.2 and zenoh-ts 1.10.1 speak it: each WebSocket message
// starts with a byte that says what it is; its highest bit says that a sequence number follows, as in a request and its answer.

/** What goes to the server. */
export enum Ask {
  DECLARE_PUBLISHER = 0,
  UNDECLARE_PUBLISHER = 1,
  DECLARE_SUBSCRIBER = 2,
  UNDECLARE_SUBSCRIBER = 3,
  DECLARE_QUERYABLE = 4,
  UNDECLARE_QUERYABLE = 5,
  DECLARE_QUERIER = 6,
  UNDECLARE_QUERIER = 7,
  DECLARE_TOKEN = 8,
  UNDECLARE_TOKEN = 9,
  DECLARE_LIVELINESS_SUBSCRIBER = 10,
  UNDECLARE_LIVELINESS_SUBSCRIBER = 11,
  SESSION_INFO = 12,
  TIMESTAMP = 13,
  PUT = 14,
  DELETE = 15,
  PUBLISHER_PUT = 16,
  PUBLISHER_DELETE = 17,
  GET = 18,
  QUERIER_GET = 19,
  LIVELINESS_GET = 20,
  REPLY_OK = 21,
  REPLY_DEL = 22,
  REPLY_ERR = 23,
  QUERY_FINAL = 24,
  PING = 25,
  LISTEN_PUBLISHER_MATCHING = 26,
  UNDECLARE_MATCHING = 27,
  PUBLISHER_MATCHING = 28,
  LISTEN_QUERIER_MATCHING = 29,
  QUERIER_MATCHING = 30,
  TRANSPORTS = 31,
  LINKS = 32,
  LISTEN_TRANSPORTS = 33,
  UNDECLARE_TRANSPORTS = 34,
  LISTEN_LINKS = 35,
  UNDECLARE_LINKS = 36,
}

/** What comes from the server: answers first, then events, which start with the number of what they are for. */
export enum Tell {
  PONG = 0,
  OK = 1,
  ERROR = 2,
  TIMESTAMP = 3,
  SESSION_INFO = 4,
  SAMPLE = 5,
  QUERY = 6,
  REPLY = 7,
  REPLY_FINAL = 8,
  MATCHING = 9,
  MATCHING_CHANGE = 10,
  TRANSPORTS = 11,
  LINKS = 12,
  TRANSPORT_CHANGE = 13,
  LINK_CHANGE = 14,
}

/** In the first byte: a sequence number follows. */
export const NUMBERED = 0x80;
