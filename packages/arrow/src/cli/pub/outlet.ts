// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, type KeyExpr, type Publisher, type Session } from '@zenoh-segments/core';
import type { CompressionName } from '../../compression/codec.js';
import { declareTablePublisher, type TableMode, type TablePublisher } from '../../topic/index.js';
import { ARROW_STREAM_MEDIA_TYPE } from '../../wire.js';
import type { Message } from './feed.js';
import type { StallWatch } from './stall-watch.js';

/** How messages go out. */
export interface OutletOptions {
  readonly mode: TableMode;
  readonly compression: CompressionName | undefined;
  /** Goes with every message. */
  readonly attachment: string | undefined;
}

/** Where messages go: a declared publisher. */
export interface Outlet {
  readonly publisher: Publisher;
  put(message: Message): Promise<void>;
}

/** @param first decides the schema of mode `schema-ref`; the other mode does without. */
export async function declareOutlet(
  session: Session,
  key: KeyExpr,
  { mode, compression, attachment }: OutletOptions,
  stalls: StallWatch,
  first: Message | undefined,
): Promise<Outlet> {
  const congestionControl = CongestionControl.BLOCK;
  if (mode === 'schema-ref' && first !== undefined) {
    const table: TablePublisher<never> = await declareTablePublisher(session, key, first.batch().schema as never, {
      mode,
      compression,
      congestionControl,
    });
    return {
      publisher: table.publisher,
      put: (message) => stalls.put(() => table.put(message.batch() as never, { attachment })),
    };
  }
  const publisher = await session.declarePublisher(key, { encoding: ARROW_STREAM_MEDIA_TYPE, congestionControl });
  return { publisher, put: (message) => stalls.put(() => publisher.put(message.payload(), { attachment })) };
}
