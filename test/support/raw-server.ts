/** Servers that answer what a test says, to see what the client makes of it; among them such as are no earmark at all. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawServer {
  readonly url: string;
  /** What came, in order. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

const open: Server[] = [];

/** `answer` gets each request when it is whole; the first has the number 1. */
export async function rawServer(
  answer: (response: ServerResponse, number: number, request: Received) => void,
): Promise<RawServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const whole = { method, path, headers, body: Buffer.concat(chunks).toString() };
      received.push(whole);
      answer(response, received.length, whole);
    });
  });
  return { ...(await listening(server)), received };
}

/** A server that speaks whatever `speak` makes it speak. */
export async function tcpServer(speak: (socket: Socket) => void): Promise<Omit<RawServer, 'received'>> {
  const server = createTcpServer((socket) => {
    // The client may go away at any time.
    socket.on('error', () => undefined);
    speak(socket);
  });
  return await listening(server);
}

/** An earmark's answer, or what says that it is one. */
export function earmarkAnswer(
  response: ServerResponse,
  document: object,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'earmark-api': '1', 'content-type': type, ...headers });
  response.end(JSON.stringify(document));
}

/** Where nothing listens. */
export async function nowhere(): Promise<string> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.url;
}

/** Closes whatever is still open; what every test file does after each test. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map(closed));
}

async function listening(server: Server) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('close', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  cutters.set(server, () => {
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

const cutters = new WeakMap<Server, () => void>();

async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  const done = once(server, 'close');
  server.close();
  cutters.get(server)?.();
  await done;
}
