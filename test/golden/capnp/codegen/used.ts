// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What a user's program does with generated classes: it must compile, and what is marked must not.
import { Message } from '@zenoh-segments/capnp/runtime';
import type { Session } from '@zenoh-segments/core';
import { type Box, Shelf } from './generated/generics.js';
import { Kinds } from './generated/kinds.js';
import { Color, Point } from './generated/sub/common.js';
import { Plain, Telemetry } from './generated/topics.js';
import { Shape } from './generated/unions.js';

export async function publish(session: Session): Promise<void> {
  const publisher = await Telemetry.declarePublisher(session, { robot: 'r1' });
  await publisher.put((root) => {
    root.speed = 1;
  });
  const plain = await Plain.declarePublisher(session);
  await plain.put((root) => {
    root.value = 2;
  });
}

export async function speeds(session: Session): Promise<number[]> {
  const all: number[] = [];
  for await (const { message, params } of Telemetry.subscribe(session, { robot: 'r1' })) {
    const { robot }: { readonly robot: string } = params;
    if (robot === 'r1') all.push(message.speed);
  }
  return all;
}

export function boxed(): number {
  const shelf = new Message().initRoot(Shelf);
  shelf._initPoint()._initValue(Point).x = 2;
  const box: Box = shelf.point;
  const color: Color = Color.DARK_BLUE;
  return box._getValue(Point).x + color;
}

export function wrong(session: Session): void {
  // @ts-expect-error the parameter is missing
  Telemetry.declarePublisher(session);
  // @ts-expect-error no such parameter
  Telemetry.declarePublisher(session, { robto: 'r1' });
  // @ts-expect-error no such parameter, though all may be left out
  Telemetry.subscribe(session, { robot: 'r1', speed: 1 });
  const kinds = new Message().initRoot(Kinds);
  // @ts-expect-error 64 bits are a bigint
  kinds.int64 = 5;
  // @ts-expect-error no such colour
  kinds.color = 17;
  // @ts-expect-error an enum does not change
  Color.RED = 1;
  // @ts-expect-error a field without a value is chosen by `true`
  new Message().initRoot(Shape).nothing = 1;
}
