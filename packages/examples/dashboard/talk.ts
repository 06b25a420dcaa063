// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ReplyError, type Session } from '@zenoh-segments/core';
import { LIMIT, STATUS, type Status } from '../src/dashboard/telemetry.js';
import { element, made } from './element.js';

const ANSWER_LIMIT_MS = 2000;
const robot = element<HTMLSelectElement>('robot');
const speed = element<HTMLInputElement>('speed');
const ask = element<HTMLButtonElement>('ask');
const answers = element('answers');

/** One more to choose from. */
export function addRobot(name: string): void {
  robot.append(made('option', name));
}

function answer(text: string): void {
  answers.append(made('li', text));
}

/** Limits go as puts, and are on their way when this ends. What fails is said. */
async function setLimit(session: Session): Promise<void> {
  const [name, limit] = [robot.value, Number(speed.value).toFixed(1)];
  await session.put(LIMIT.replace('*', name), limit, { encoding: 'text/plain' });
  answers.replaceChildren(made('li', `${name} was told: not faster than ${limit} m/s`));
}

/** The status is asked for; each robot answers for itself. */
async function askStatus(session: Session): Promise<void> {
  answers.replaceChildren();
  const replies = await session.get(STATUS, { timeout: ANSWER_LIMIT_MS });
  for await (const reply of replies ?? []) {
    const result = reply.result();
    if (result instanceof ReplyError) {
      answer(result.payload().toString());
      continue;
    }
    const { name, uptime, distance, limit } = JSON.parse(result.payload().toString()) as Status;
    answer(`${name}: on for ${uptime.toFixed(0)} s, ${distance.toFixed(0)} m driven, limit ${limit.toFixed(1)} m/s`);
  }
  if (answers.childElementCount === 0) answer('Nobody answered');
}

/** Makes the controls do something. */
export function enableTalk(session: Session): void {
  const attempt = (act: (session: Session) => Promise<void>) =>
    act(session).catch((error: Error) => answers.replaceChildren(made('li', `That failed: ${error.message}`)));
  speed.addEventListener('input', () => {
    element('chosen').textContent = `${Number(speed.value).toFixed(1)} m/s`;
  });
  element('limit').addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(setLimit);
  });
  ask.addEventListener('click', () => void attempt(askStatus));
}
