// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Failed, FromSubscriber, Job, Published } from './job.js';

type Message = FromSubscriber | Published | Failed;

/** A process of a job. It ends by itself; the parent kills it when the job fails. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #messages: Message[] = [];
  readonly #ended: Promise<number | null>;
  #changed: () => void = () => {};
  #over = false;

  constructor(name: 'publisher' | 'subscriber', job: Job) {
    this.#name = name;
    this.#process = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), [JSON.stringify(job)]);
    this.#process.on('message', (message: Message) => {
      this.#messages.push(message);
      this.#changed();
    });
    this.#ended = new Promise((resolve) => {
      this.#process.on('close', (code) => {
        this.#over = true;
        this.#changed();
        resolve(code);
      });
    });
  }

  /** The message of a kind, as soon as it is there. @throws {Error} when the process ends without it. */
  async message<Kind extends Message['kind']>(kind: Kind): Promise<Extract<Message, { kind: Kind }>> {
    for (;;) {
      const found = this.#messages.find((message) => message.kind === kind);
      if (found !== undefined) return found as Extract<Message, { kind: Kind }>;
      const failed = this.#messages.find((message) => message.kind === 'failed');
      if (failed !== undefined) throw new Error(`the ${this.#name}: ${failed.message}`);
      if (this.#over) throw new Error(`the ${this.#name} ended with ${await this.#ended} before it was '${kind}'`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** @throws {Error} unless the process ends with code 0. */
  async ended(): Promise<void> {
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the ${this.#name} ended with code ${code}`);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
