import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that carries one request at a time, with as little work of its own as Node allows. */
export class KeepAliveConnection {
  readonly #socket: Socket;
  #received = '';
  #answered: ((status: number) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    // A cut connection answers with no status, and the request counts as failed.
    socket.on('close', () => this.#answer(0));
    socket.on('error', () => {});
  }

  static async open(host: string, port: number): Promise<KeepAliveConnection> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new KeepAliveConnection(socket);
  }

  /** Calls back with the status once the whole answer is there, or with 0 if the connection ended before. */
  send(request: string, answered: (status: number) => void): void {
    this.#answered = answered;
    if (this.#socket.destroyed) this.#answer(0);
    else this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = /content-length: (\d+)/i.exec(this.#received.slice(0, headEnd))?.[1];
    if (this.#received.length < headEnd + 4 + Number(length ?? 0)) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#answer(status);
  }

  #answer(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}
