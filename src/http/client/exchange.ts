/** One request and its reply, or how they were lost: the only file that knows Node's HTTP client. */
import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { ServerAddress } from './server-address.ts';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the server's URL, with its parameters: `/v1/labels?limit=500`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export interface Reply {
  readonly status: number;
  /** `404 Not Found`, for sentences. */
  readonly statusLine: string;
  readonly headers: Readonly<IncomingMessage['headers']>;
  readonly text: string;
}

export type Exchanged =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | {
      readonly kind: 'lost';
      /** Whether the server may have got the request. */
      readonly sent: boolean;
      /** What to say of the server: `refuses the connection`. */
      readonly reason: string;
      /** What would be the same on every attempt; the fault says so then. */
      readonly lasting?: 'unknown_name' | 'untrusted' | 'not_http';
    };

/** Longest wait for a connection, in milliseconds; a server that is there takes one within a fraction of it. */
const CONNECT_TIME = 10_000;
/** Longest reply that is read, in bytes: far above any page, and a bound on memory. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Connections kept for the next request; a person and a script need one. */
const MOST_CONNECTIONS = 4;

type Send = (options: RequestOptions, take: (response: IncomingMessage) => void) => ClientRequest;

/** The connections to a server. */
export class Wire {
  readonly #address: ServerAddress;
  readonly #agent: Agent;
  readonly #send: Send;

  private constructor(address: ServerAddress, agent: Agent, send: Send) {
    this.#address = address;
    this.#agent = agent;
    this.#send = send;
  }

  static async open(address: ServerAddress): Promise<Wire> {
    const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
    if (!address.encrypted) return new Wire(address, new Agent(options), request);
    // TLS takes longer to load than a command over plain HTTP takes.
    const https = await import('node:https');
    return new Wire(address, new https.Agent(options), https.request);
  }

  /** Waits at most `timeout` milliseconds, from now to the last byte of the reply. Never throws. */
  exchange({ method, path, headers, body }: Ask, timeout: number): Promise<Exchanged> {
    const { host, port, base, encrypted } = this.#address;
    return new Promise((resolve) => {
      let sent = false;
      let tooLong: Loss | undefined;
      const settle = (result: Exchanged) => {
        clearTimeout(connecting);
        clearTimeout(whole);
        resolve(result);
      };
      const lose = (error: unknown) =>
        settle({ kind: 'lost', sent, ...(tooLong ?? lossOf(error, encrypted)) });
      const options = { host, port, method, path: base + path, headers, agent: this.#agent };
      const sending = this.#send(options, (response) => {
        readReply(response).then((reply) => settle({ kind: 'reply', reply }), lose);
      });
      const giveUp = (reason: string) => {
        tooLong = { reason };
        sending.destroy(new Error(reason));
      };
      const connecting = setTimeout(() => sent || giveUp(UNREACHED), CONNECT_TIME);
      const whole = setTimeout(() => giveUp(`gave no answer within ${seconds(timeout)}`), timeout);
      sending.on('error', lose);
      sending.on('socket', (socket) => {
        // Node writes what it holds as soon as the connection stands; before that nothing can have arrived. A connection that
        // another request leaves to one that waits stands already, though Node does not call it reused.
        if (sending.reusedSocket || !socket.connecting) sent = true;
        else socket.once(encrypted ? 'secureConnect' : 'connect', () => (sent = true));
      });
      sending.end(body);
    });
  }

  /** Ends the connections at once, so that nothing keeps the process. */
  close(): void {
    this.#agent.destroy();
  }
}

function seconds(milliseconds: number): string {
  return `${Math.max(0.1, Math.round(milliseconds / 100) / 10)} s`;
}

function readReply(response: IncomingMessage): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { statusCode: status = 0, statusMessage = '', headers } = response;
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MOST_BYTES) response.destroy(new Error(`its answer is longer than ${MOST_BYTES} bytes`));
    });
    response.on('error', reject);
    response.on('end', () => {
      const statusLine = `${status} ${statusMessage}`.trim();
      resolve({ status, statusLine, headers, text: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

const UNREACHED = 'can not be reached';

/** What Node's codes mean, said of the server. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
  ETIMEDOUT: UNREACHED,
  EHOSTUNREACH: UNREACHED,
  ENETUNREACH: `${UNREACHED}: there is no way to its network`,
  EAI_AGAIN: `${UNREACHED}: its name can not be looked up now`,
  ENOTFOUND: `${UNREACHED}: nobody knows its name`,
};

type Loss = Omit<Extract<Exchanged, { kind: 'lost' }>, 'kind' | 'sent'>;

function lossOf(error: unknown, encrypted: boolean): Loss {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  if (reason !== undefined) return { reason, ...(code === 'ENOTFOUND' && { lasting: 'unknown_name' }) };
  if (code.startsWith('HPE_')) {
    return {
      reason: 'is no earmark server: it answers with something that is not HTTP',
      lasting: 'not_http',
    };
  }
  if (encrypted && /^(EPROTO|ERR_SSL_)/.test(code)) {
    return { reason: 'answers without TLS, or with none that can be agreed on', lasting: 'untrusted' };
  }
  if (encrypted && /CERT|SIGNATURE|TLS/.test(code)) {
    return { reason: `has a certificate that can not be trusted: ${message.trim()}`, lasting: 'untrusted' };
  }
  return { reason: `gave no answer: ${message === '' ? code : message}` };
}
