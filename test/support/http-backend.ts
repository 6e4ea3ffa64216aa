/** A real server over a store, and desks that talk to it with tokens. */
import { openServer } from '../../src/http/client/remote-stockroom.ts';
import { listen } from '../../src/http/server/listen.ts';
import { createServer } from '../../src/http/server/server.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import { newToken } from '../../src/stockroom/tokens.ts';
import type { Backend, MakeBackend } from './backends.ts';

/** How long a desk waits for locks and for the server, in milliseconds. */
const PATIENCE = 30_000;

export interface HttpBackend extends Backend {
  /** Where the server is. */
  readonly url: string;
  /** A token for this person, who may do everything. */
  tokenOf(owner: string): Promise<string>;
}

/**
 * The same store, reached over HTTP on a port of this machine. The history names a token's owner whatever a client claims,
 * so each person has a token of their own. `address` stays that of the store: who is killed there is the server.
 */
export function httpBackend(make: MakeBackend): () => Promise<HttpBackend> {
  return async () => {
    const store = await make();
    const ledger = await store.ledger();
    const tokens = await ledger.tokens();
    const { clock } = store;
    const served = createServer(new LocalStockroom(ledger, clock), { clock, tokens });
    const server = await listen(served, { port: 0, host: '127.0.0.1' });
    const desks: Stockroom[] = [];
    const tokenOf = async (owner: string): Promise<string> => {
      const { token, record } = newToken({ owner, role: 'admin', createdAt: 0, createdBy: 'the test' });
      await tokens.add(record);
      return token;
    };
    return {
      clock,
      address: store.address,
      ledger: async () => await store.ledger(),
      sql: async (statement) => await store.sql(statement),
      url: server.url,
      tokenOf,
      async open() {
        const desk = await deskAt(server.url, tokenOf);
        desks.push(desk);
        return desk;
      },
      async close() {
        for (const desk of desks) await desk.close();
        await server.stop(PATIENCE);
        await ledger.close();
        await store.close();
      },
    };
  };
}

/** A Stockroom at this URL, whose every call goes out with the token of the person that its intent names. */
export async function deskAt(url: string, tokenOf: HttpBackend['tokenOf']): Promise<Stockroom> {
  const rooms = new Map<string, Promise<Stockroom>>();
  const open = async (actor: string) => {
    return await openServer({ url, token: await tokenOf(actor) }, { timeout: PATIENCE });
  };
  const roomOf = (actor: string): Promise<Stockroom> => {
    const room = rooms.get(actor) ?? open(actor);
    rooms.set(actor, room);
    return room;
  };
  const reader = await roomOf('reader');
  const close = async () => {
    for (const room of rooms.values()) await (await room).close();
  };
  return new Proxy(reader, {
    get(_, name: keyof Stockroom) {
      if (name === 'place') return reader.place;
      if (name === 'close') return close;
      // Whoever awaits a desk asks whether it is a promise.
      if (!(name in reader)) return undefined;
      return (...given: readonly unknown[]) => {
        const wish = given.at(-1);
        // Each verb takes an intent last, and no read does.
        if (!isIntent(wish)) return call(reader, name, given);
        return roomOf(wish.actor).then((room) => call(room, name, given));
      };
    },
  });
}

/** What was asked for, with what was given: the types are those of the caller. */
function call(room: Stockroom, name: keyof Stockroom, given: readonly unknown[]): unknown {
  return (room[name] as (...given: readonly unknown[]) => unknown).apply(room, [...given]);
}

function isIntent(value: unknown): value is Intent {
  return typeof value === 'object' && value !== null && 'operation' in value && 'actor' in value;
}
