/** A way to a PostgreSQL server that can be cut at the worst moment: around a commit. */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** What a client sends last before something is committed: the statement that writes a decision, or a commit by itself. */
const COMMITS = [Buffer.from('\0write '), Buffer.from('Q\0\0\0\x0bcommit\0')];
/** How the server says that it is done with everything and no transaction is open. */
const DONE = Buffer.from('Z\0\0\0\x05I');

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
    let committing = false;
    client.on('data', (bytes) => {
      committing ||= COMMITS.some((message) => bytes.includes(message));
      if (committing && this.#meets('request')) end();
      else server.write(bytes);
    });
    server.on('data', (bytes) => {
      const committed = committing && bytes.includes(DONE);
      if (committed && this.#meets('answer')) end();
      else client.write(bytes);
      if (committed) committing = false;
    });
  }

  #meets(at: Cut): boolean {
    const cut = this.#cut;
    if (cut?.at !== at) return false;
    cut.after -= 1;
    if (cut.after >= 0) return false;
    this.#cut = undefined;
    cut.andThen();
    return true;
  }
}
