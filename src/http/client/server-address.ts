/** Where a server is, and what may be sent there. */
import { Fault } from '../../stockroom/fault.ts';

export interface ServerAddress {
  /** For sentences: `https://stock.example.com`. */
  readonly place: string;
  readonly encrypted: boolean;
  readonly host: string;
  readonly port: number;
  /** A path below which a proxy has the server; empty for none. */
  readonly base: string;
  readonly token: string | undefined;
}

/**
 * Takes an http:// or https:// URL. A token is refused over plain http to another machine, before anything is sent,
 * because whoever is on the way could take it (DESIGN section 8).
 */
export function serverAddress(text: string, token: string | undefined): ServerAddress {
  const { protocol, hostname, port, pathname, origin } = new URL(text);
  const encrypted = protocol === 'https:';
  const base = pathname.replace(/\/+$/, '');
  const place = origin + base;
  if (token !== undefined && !encrypted && !isLoopback(hostname)) {
    throw new Fault('input', `a token is never sent to ${place} unencrypted; give an https:// URL`);
  }
  return {
    place,
    encrypted,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (encrypted ? 443 : 80) : Number(port),
    base,
    token,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
