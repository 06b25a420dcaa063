// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One message of the remote-api protocol, as its first byte and its number say it. */
export interface Asked {
  readonly kind: number;
  /** Of a request. */
  readonly sequence: number | undefined;
  /** What follows. */
  readonly body: Buffer;
}

const NUMBERED = 0x80;
export const PING = 25;
export const SESSION_INFO = 12;

/** A message of the server: `answer` to a request, `event` otherwise. */
export const answer = (kind: number, sequence: number, body: readonly number[] = []) => {
  const head = Buffer.alloc(5);
  head[0] = kind | NUMBERED;
  head.writeUInt32LE(sequence, 1);
  return Buffer.concat([head, Buffer.from(body)]);
};
export const event = (kind: number, id: number, body: readonly number[] = []) => {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32LE(id, 1);
  return Buffer.concat([head, Buffer.from(body)]);
};

/** A text as the protocol writes short ones. */
export const text = (value: string): number[] => [Buffer.byteLength(value), ...Buffer.from(value)];

/** What a sample's event says after the number: key, payload, put, no encoding, attachment or timestamp, default settings. */
export const sample = (key: string, payload: readonly number[]) => [
  ...text(key),
  payload.length,
  ...payload,
  ...[0, 0, 0, 0, 0, 0, 5 | 32],
];

/**
 * A server that greets as remote-api servers do and says yes to every request, except where `onMessage` deals with a
 * message itself (and then returns true): for what real servers do not do on demand.
 */
export class FakeServer {
  readonly asked: Asked[] = [];
  readonly sockets: WebSocket[] = [];
  onMessage: (asked: Asked, socket: WebSocket) => boolean = () => false;
  /** What a ping is answered with. */
  name = 'fake';
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => {});
      socket.on('message', (data: Buffer) => this.#hear(data, socket));
    });
  }

  static async start(port = 0): Promise<FakeServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port });
    await once(server, 'listening');
    return new FakeServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get locator(): string {
    return `ws/127.0.0.1:${this.port}`;
  }

  /** The messages of a kind, in the order of their coming. */
  of(kind: number): Asked[] {
    return this.asked.filter((each) => each.kind === kind);
  }

  /** To everybody. */
  tell(message: Uint8Array | string): void {
    for (const socket of this.sockets) socket.send(message);
  }

  /** Ends without a goodbye. */
  async kill(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hear(data: Buffer, socket: WebSocket): void {
    const first = data[0] as number;
    const numbered = (first & NUMBERED) !== 0;
    const asked: Asked = {
      kind: first & ~NUMBERED,
      sequence: numbered ? data.readUInt32LE(1) : undefined,
      body: data.subarray(numbered ? 5 : 1),
    };
    this.asked.push(asked);
    if (this.onMessage(asked, socket) || asked.sequence === undefined) return;
    const zid = [16, 1, ...Array<number>(15).fill(0)];
    if (asked.kind === PING) socket.send(answer(0, asked.sequence, text(this.name)));
    else if (asked.kind === SESSION_INFO) socket.send(answer(4, asked.sequence, [...zid, 0, 0]));
    else socket.send(answer(1, asked.sequence, [asked.kind]));
  }
}
