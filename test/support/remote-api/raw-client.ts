// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import { type ClientOptions, WebSocket } from 'ws';
import { until } from '../until.js';
import { ASK, message, subscribe, TOLD } from './messages.js';

/** None outlives its test. */
const connected = new Set<WebSocket>();
afterEach(() => {
  for (const socket of connected) socket.terminate();
  connected.clear();
});

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client that sends what the test says, byte for byte. */
export class RawClient {
  readonly socket: WebSocket;
  /** What came without being asked for. */
  readonly told: Buffer[] = [];
  /** How it ended; undefined while it has not. */
  closed: Closed | undefined;
  pings = 0;
  readonly #answers = new Map<number, Buffer>();
  #sequence = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    connected.add(socket);
    socket.on('message', (data: Buffer) => {
      if (((data[0] as number) & 0x80) === 0) this.told.push(data);
      else this.#answers.set(data.readUInt32LE(1), Buffer.concat([data.subarray(0, 1), data.subarray(5)]));
    });
    socket.on('ping', () => this.pings++);
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** @throws when the server does not accept; the text has its HTTP status and answer */
  static async connect(url: string, options: ClientOptions = {}): Promise<RawClient> {
    const socket = new WebSocket(url, { maxPayload: 2 ** 30, ...options });
    const client = new RawClient(socket);
    const refused = new Promise<never>((_, reject) => {
      socket.once('unexpected-response', (_request, response) => {
        response.setEncoding('utf8');
        let body = '';
        response.on('data', (part: string) => {
          body += part;
        });
        response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
      });
    });
    await Promise.race([once(socket, 'open'), refused]);
    return client;
  }

  send(frame: Uint8Array): void {
    this.socket.send(frame);
  }

  /** Sends a message that wants an answer: its number and content. */
  async ask(id: number, ...parts: Uint8Array[]): Promise<{ readonly id: number; readonly body: Buffer }> {
    const sequence = this.#sequence++;
    this.send(message(id, sequence, ...parts));
    return this.answer(sequence, id);
  }

  /** The answer to what was sent with this sequence id. */
  async answer(sequence: number, what: number): Promise<{ readonly id: number; readonly body: Buffer }> {
    await until(
      `message ${what} is answered, ${JSON.stringify(this.closed)}`,
      () => this.#answers.has(sequence) || this.closed !== undefined,
    );
    const answer = this.#answers.get(sequence);
    if (answer === undefined) throw new Error(`closed: ${JSON.stringify(this.closed)}`);
    this.#answers.delete(sequence);
    return { id: (answer[0] as number) & 0x7f, body: answer.subarray(1) };
  }

  /** Proof that the connection works. */
  async ping(): Promise<string> {
    const { id, body } = await this.ask(ASK.ping);
    if (id !== TOLD.pong) throw new Error(`a ping was answered with ${id}`);
    return body.subarray(1).toString();
  }

  async subscribe(id: number, key: string): Promise<void> {
    const answer = await this.ask(ASK.declareSubscriber, ...subscribe(id, key));
    if (answer.id !== TOLD.ok) throw new Error(answer.body.toString());
  }

  /** Samples received. */
  samples(): Buffer[] {
    return this.told.filter((one) => one[0] === TOLD.sample);
  }

  async ended(): Promise<Closed> {
    await until('the connection ends', () => this.closed !== undefined);
    return this.closed as Closed;
  }

  /** Stops and goes on reading from the network. */
  pause(): void {
    this.#tcp().pause();
  }

  resume(): void {
    this.#tcp().resume();
  }

  /** Under it all, for what no websocket library would send. */
  #tcp(): Socket {
    return (this.socket as unknown as { readonly _socket: Socket })._socket;
  }

  write(raw: Uint8Array): void {
    this.#tcp().write(raw);
  }
}
