// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Asking, BackendInbox, InboxPlan, QuestionFields } from './backend.js';
import type { CancellationToken } from './cancellation-token.js';
import type { Callback, ChannelReceiver, Drop, FifoChannel, Handler, RingChannel } from './channels.js';
import { type IntoDuration, milliseconds } from './duration.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { CongestionControl, ConsolidationMode, QueryTarget, ReplyKeyExpr } from './enums.js';
import { CoreError } from './errors.js';
import { encodingText, payloadOf } from './message.js';
import { check, checkEnum, packQos, type QosOptions } from './qos.js';
import { planReader } from './reader.js';
import { Reply, ReplyError } from './reply.js';
import type { SourceInfo } from './source-info.js';
import { TimestampInstrumentation } from './timestamp-stack.js';
import { turn } from './turn.js';
import { Ledger } from './zbytes/ledger.js';
import { type IntoZBytes, ZBytes } from './zbytes/zbytes.js';

/** How a get or a querier asks. */
export interface AskingOptions extends Omit<QosOptions, 'reliability'> {
  /** `BEST_MATCHING` unless given. */
  target?: QueryTarget | undefined;
  /** `AUTO` unless given. */
  consolidation?: ConsolidationMode | undefined;
  /** 10 s unless given: replies that come later are not waited for. */
  timeout?: IntoDuration | undefined;
  /** `MATCHING_QUERY` unless given. */
  acceptReplies?: ReplyKeyExpr | undefined;
}

/** What one get carries, and who takes its replies. */
export interface QuestionOptions {
  payload?: IntoZBytes | undefined;
  /** Of the payload. */
  encoding?: IntoEncoding | undefined;
  attachment?: IntoZBytes | undefined;
  /** Who asks, and the number of the query there; none unless given. */
  sourceInfo?: SourceInfo | undefined;
  /** Where on its way, and on that of its replies, the time is to be noted; nowhere unless given. */
  timestampInstrumentation?: TimestampInstrumentation | undefined;
  /** A callback, or a channel to read from; a `FifoChannel` of 256 unless given. Replies to a full channel wait in zenoh. */
  handler?: Handler<Reply> | undefined;
  /** Ends the get early: its channel closes. */
  signal?: AbortSignal | undefined;
  /** As `signal`, in zenoh-ts's form. */
  cancellationToken?: CancellationToken | undefined;
}

/** Options of a get whose replies are read from a channel. */
export interface ToChannel {
  handler?: FifoChannel<Reply> | RingChannel<Reply> | undefined;
}

/** Options of a get whose replies a callback is given. */
export interface ToCallback {
  handler: Callback<Reply> | [Callback<Reply>, Drop];
}

const DEFAULT_TIMEOUT_MS = 10_000;

export function asking(options: AskingOptions): Asking {
  const target = options.target ?? QueryTarget.DEFAULT;
  const consolidation = options.consolidation ?? ConsolidationMode.DEFAULT;
  const timeout = options.timeout === undefined ? DEFAULT_TIMEOUT_MS : milliseconds(options.timeout, 'timeout');
  checkEnum(QueryTarget, target, 'target');
  checkEnum(ConsolidationMode, consolidation, 'consolidation');
  check(Number.isFinite(timeout) && timeout > 0, 'timeout', timeout);
  return {
    qos: packQos({ ...options, congestionControl: options.congestionControl ?? CongestionControl.DEFAULT_REQUEST }),
    target,
    consolidation,
    timeout: Math.ceil(timeout),
    acceptAny: options.acceptReplies === ReplyKeyExpr.ANY,
  };
}

export function question(options: QuestionOptions): QuestionFields {
  return {
    payload: options.payload === undefined ? undefined : payloadOf(options.payload),
    attachment: options.attachment === undefined ? undefined : payloadOf(options.attachment),
    encoding: options.encoding === undefined ? undefined : encodingText(options.encoding),
    sourceInfo: options.sourceInfo?.toString(),
    instrumentation: TimestampInstrumentation.pointsOf(options.timestampInstrumentation),
  };
}

/** As zenoh tells a timeout: a reply that is an error. */
function asReply({ code, message }: CoreError): Reply {
  return new Reply(new ReplyError(new ZBytes(`${code}: ${message}`), Encoding.ZENOH_STRING));
}

/** Asks, and gives the replies to the handler: the channel to read them from, or undefined for a callback. */
export async function replies(
  options: Pick<QuestionOptions, 'handler' | 'signal' | 'cancellationToken'>,
  session: Ledger,
  ask: (plan: InboxPlan) => BackendInbox<Reply>,
): Promise<ChannelReceiver<Reply> | undefined> {
  const { signal, cancellationToken } = options;
  if (signal?.aborted || cancellationToken?.isCancelled()) {
    throw new CoreError('CANCELLED', 'the get was cancelled before it was asked', { cause: signal?.reason });
  }
  const { reader, bounds } = planReader<Reply>({ handler: options.handler, bounds: { policy: 'block' } }, asReply);
  const inbox = ask({ bounds, ledger: new Ledger(session), onReady: () => reader.onReady() });
  const forget = () => {
    signal?.removeEventListener('abort', cancel);
    cancellationToken?.removeCancelAction(cancel);
  };
  const cancel = () => {
    forget();
    reader.end();
    // Nobody waits for the end of a cancelled get; zenoh has nothing to refuse here.
    void inbox.undeclare();
  };
  reader.attach({
    take(max) {
      const taken = inbox.take(max);
      const { items, more, failure, finished } = taken;
      // A signal may outlive its gets by far. What a channel still holds goes with it; a callback has all by then.
      const isLast = items.length === 0 || reader.receiver === undefined;
      if (isLast && !more && (finished || failure !== undefined)) forget();
      return taken;
    },
  });
  signal?.addEventListener('abort', cancel, { once: true });
  cancellationToken?.addCancelAction(cancel);
  reader.onReady();
  try {
    await inbox.asked;
  } catch (error) {
    cancel();
    throw error;
  }
  await turn();
  return reader.receiver;
}
