// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Why some of what zenoh-ts has is different here; `names` are complete: the test compares them with the two packages. */
export interface Reason {
  readonly title: string;
  readonly why: string;
  readonly names: readonly string[];
}

export const REASONS: readonly Reason[] = [
  {
    title: 'Config',
    why: "The locator of a server and the wait for its answers belong to the `Config` of `@zenoh-segments/core/websocket`; this one is zenoh's own, as in Rust, with every setting that zenoh has. `open` takes either.",
    names: ['Config.locator', 'Config.messageResponseTimeoutMs', 'new Config', 'Session.open (static)', 'open'],
  },
  {
    title: 'Channels',
    why: "A channel given as a handler is a plan: the queue is native, between zenoh's threads and the event loop, so nobody sends into it from JavaScript. Read from `subscriber.receiver()`, which has `receive`, `tryReceive`, `state` and the iteration. A `FifoChannel` that is full makes the sender wait; that of zenoh-ts drops the newest.",
    names: [
      'FifoChannel.send',
      'FifoChannel.state',
      'FifoChannel.tryReceive',
      'FifoChannel.receive',
      'FifoChannel.close',
      'FifoChannel.intoSenderReceiverPair',
      'FifoChannel[Symbol.asyncIterator]',
      'RingChannel.send',
      'RingChannel.state',
      'RingChannel.tryReceive',
      'RingChannel.receive',
      'RingChannel.close',
      'RingChannel.intoSenderReceiverPair',
      'RingChannel[Symbol.asyncIterator]',
      'ChannelSender',
      'ChannelSender.send',
      'ChannelSender.close',
    ],
  },
  {
    title: 'More is accepted',
    why: 'Whatever zenoh-ts accepts is accepted here too, and more.',
    names: ['new ZBytes', 'IntoZBytes', 'new ReplyError', 'ReplyErrOptions.encoding', 'zdeserialize'],
  },
  {
    title: 'More is told',
    why: 'A put or a deletion tells what became of it where zenoh-ts tells nothing; a program that ignores the value runs as before.',
    names: ['Publisher.put', 'Publisher.delete', 'Session.put', 'Session.delete'],
  },
  {
    title: 'Made by sessions alone',
    why: 'What a session tells of its connections cannot be made up by a program.',
    names: ['new LinkInfo', 'new TransportInfo'],
  },
  {
    title: 'Written differently',
    why: 'The same to a program: the compiler shows another name of the same type.',
    names: [
      'Session.declareQuerier',
      'ZBytesSerializer.serializeArray',
      'ZBytesSerializer.serializeMap',
      'ZBytesSerializer.serialize',
      'zserialize',
      'ZS.array',
      'ZS.map',
    ],
  },
];
