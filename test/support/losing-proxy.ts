/** A proxy on the way to a server that loses answers: the request arrives and is done, and nobody hears of it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface LosingProxy {
  readonly url: string;
  /** How many answers were lost. */
  readonly lost: number;
  /** Loses the next answers: cuts the connection when their first byte comes back. */
  loseNext(answers: number): void;
  close(): Promise<void>;
}

export async function losingProxy(target: string): Promise<LosingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let [toLose, lost] = [0, 0];
  const kept = (socket: Socket) => {
    sockets.add(socket);
    // Either side may go away at any time; the other follows.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    kept(near);
    kept(far);
    near.on('data', (chunk) => far.write(chunk)).on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.on('data', (chunk) => {
      if (toLose === 0) {
        near.write(chunk);
        return;
      }
      toLose -= 1;
      lost += 1;
      near.destroy();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    loseNext(answers) {
      toLose = answers;
    },
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
