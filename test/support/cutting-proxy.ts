/** A way to a PostgreSQL server that can be cut at the worst moment: around a commit. */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** As node-postgres sends it, and as the server answers it. */
const COMMIT = Buffer.from('Q\0\0\0\x0bcommit\0');
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0');

/** Where the next commit is cut off: before it reaches the server, or before its answer reaches the client. */
export type Cut = 'request' | 'answer';

export class CuttingProxy {
  readonly #server: Server;
  readonly #serverPort: number;
  readonly #sockets = new Set<Socket>();
  #cut: { readonly at: Cut; after: number; readonly andThen: () => void } | undefined;
  #down = false;

  constructor(serverPort: number) {
    this.#serverPort = serverPort;
    this.#server = createServer((client) => this.#carry(client));
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** Cuts a commit, when so many others have gone well; `andThen` happens at that moment. */
  cutCommit(at: Cut, after = 0, andThen: () => void = () => undefined): void {
    this.#cut = { at, after, andThen };
  }

  /** From now on, or no longer, every connection ends as soon as it is made. */
  goDown(down = true): void {
    this.#down = down;
    if (down) this.#endAll();
  }

  async close(): Promise<void> {
    this.#endAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(client: Socket): void {
    if (this.#down) {
      client.destroy();
      return;
    }
    const server = createConnection(this.#serverPort, '127.0.0.1');
    const pair = [client, server];
    const end = (): void => {
      for (const socket of pair) {
        socket.destroy();
        this.#sockets.delete(socket);
      }
    };
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined).on('close', end);
    }
    client.on('data', (bytes) => {
      if (this.#meets('request', bytes, COMMIT)) end();
      else server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.#meets('answer', bytes, COMMITTED)) end();
      else client.write(bytes);
    });
  }

  #meets(at: Cut, bytes: Buffer, message: Buffer): boolean {
    const cut = this.#cut;
    if (cut?.at !== at || !bytes.includes(message)) return false;
    cut.after -= 1;
    if (cut.after >= 0) return false;
    this.#cut = undefined;
    cut.andThen();
    return true;
  }
}
