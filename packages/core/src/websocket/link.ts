// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import type { Settings } from './config.js';
import { refusal, silence } from './refusal.js';
import type { WebSocketConstructor, WebSocketLike } from './socket.js';
import { within } from './within.js';

const NORMAL = 1000;
/** The `readyState` of a WebSocket that takes messages. */
const OPEN = 1;
/** How long the closing handshake may take before it is left to the runtime. */
const CLOSE_LIMIT_MS = 1000;
/** How long after its error the end of a WebSocket may come. */
const END_LIMIT_MS = 250;

/** What a link tells whoever made it. */
export interface LinkUser {
  onFrame(frame: ArrayBuffer): void;
  /** Once, whatever ended the link. */
  onClose(error: CoreError): void;
}

/** One WebSocket, open from the moment it is made until `onClose`. */
export class Link {
  readonly #socket: WebSocketLike;
  readonly #ended: Promise<void>;
  #end: (error: CoreError) => void = () => {};
  #open = true;
  /** How many messages came. */
  heard = 0;

  private constructor(socket: WebSocketLike, user: LinkUser) {
    this.#socket = socket;
    this.#ended = new Promise((resolve) => {
      this.#end = (error) => {
        if (!this.#open) return;
        this.#open = false;
        resolve();
        user.onClose(error);
      };
    });
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (!this.#open) return;
      this.heard++;
      if (data instanceof ArrayBuffer || Object.prototype.toString.call(data) === '[object ArrayBuffer]') {
        user.onFrame(data as ArrayBuffer);
      } else this.fail(new CoreError('NOT_REMOTE_API', 'the server sent a text message: it is no remote-api server'));
    };
    socket.onclose = (event: { code: number; reason: string }) => this.#end(lost(event));
    // Always followed by the end, which says more.
    socket.onerror = () => {};
  }

  /** @throws {CoreError} `OPEN_FAILED`, `CANCELLED` */
  static connect({ url, connectTimeout, WebSocket }: Settings, user: LinkUser, signal: AbortSignal): Promise<Link> {
    return new Promise((resolve, reject) => {
      const socket = construct(WebSocket, url);
      socket.binaryType = 'arraybuffer';
      const settle = (act: () => void) => {
        clearTimeout(timer);
        clearTimeout(noEnd);
        signal.removeEventListener('abort', cancel);
        act();
      };
      const giveUp = (error: CoreError) =>
        settle(() => {
          socket.onopen = socket.onclose = socket.onmessage = null;
          // An error that nobody hears would be an uncaught one in some implementations.
          socket.onerror = () => {};
          socket.close();
          reject(error);
        });
      const failed = (why: string) => giveUp(new CoreError('OPEN_FAILED', `no WebSocket connection to ${url}: ${why}`));
      const cancel = () => giveUp(new CoreError('CANCELLED', `the session was closed while it connected to ${url}`));
      const timer = setTimeout(() => failed(silence(connectTimeout)), connectTimeout);
      signal.addEventListener('abort', cancel, { once: true });
      let reason = '';
      let noEnd: ReturnType<typeof setTimeout> | undefined;
      socket.onerror = (event: { message?: string }) => {
        reason = event?.message ?? '';
        // Chromium tells the end of what the page itself may not open by this event alone.
        noEnd ??= setTimeout(
          () =>
            failed(
              `this page may not open it${reason && ` (${reason})`}: see \`connect-src\` of its Content-Security-Policy`,
            ),
          END_LIMIT_MS,
        );
      };
      socket.onclose = ({ code }: { code: number }) => failed(refusal(url, code, reason));
      socket.onopen = () => settle(() => resolve(new Link(socket, user)));
    });
  }

  /** False too while the server says goodbye: what is sent then is lost. */
  get isOpen(): boolean {
    return this.#open && this.#socket.readyState === OPEN;
  }

  /** Bytes given to the WebSocket and not sent. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** The WebSocket has taken its own copy, or will not read the frame again, when this returns. */
  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#open) this.#socket.send(frame);
  }

  /** Ends the link for a reason of ours, at once: what comes later is not heard. */
  fail(error: CoreError): void {
    this.#socket.close(NORMAL);
    // Not every server answers a goodbye: without this the socket would stay as long as the runtime is patient.
    this.#socket.terminate?.();
    this.#end(error);
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#socket.close(NORMAL);
    await within(CLOSE_LIMIT_MS, this.#ended);
    this.#socket.terminate?.();
    this.#end(new CoreError('SESSION_CLOSED', 'this session is closed'));
  }
}

/** @throws {CoreError} `OPEN_FAILED` for what a browser does not even try, as `ws:` from a page that came by HTTPS */
function construct(WebSocket: WebSocketConstructor, url: string): WebSocketLike {
  try {
    return new WebSocket(url);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError('OPEN_FAILED', `no WebSocket connection to ${url}: ${why}`, { cause });
  }
}

function lost({ code, reason }: { code: number; reason: string }): CoreError {
  const why = reason === '' ? `code ${code}` : `code ${code}, ${reason}`;
  return new CoreError('DISCONNECTED', `the connection to the server was lost (${why})`);
}
