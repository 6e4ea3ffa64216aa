/** Tokens: who may do what, whom the history names, and that nothing gets around them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem, ReserveAnswer } from '../../src/core/index.ts';
import { VERB_PATHS } from '../../src/http/wire.ts';
import { newToken, ROLES, type Role, type TokenStore } from '../../src/stockroom/tokens.ts';
import { openSqliteLedger, type SqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { waitingLong } from '../support/backends.ts';
import { operation, useServer } from './running.ts';

let ledger: SqliteLedger;
let tokens: TokenStore;
const running = useServer(async ({ address }) => {
  ledger = await openSqliteLedger(address.path, waitingLong());
  tokens = await ledger.tokens();
  return { tokens };
});
afterEach(async () => await ledger.close());

async function tokenFor(
  owner: string,
  role: Role,
): Promise<{ readonly token: string; readonly name: string }> {
  const { token, record } = newToken({ owner, role, createdAt: 1, createdBy: 'root' });
  await tokens.add(record);
  return { token, name: record.name };
}

/** What stands behind the name; it may itself hold a `_`. */
const secretOf = (token: string) => token.replace(/^emk_[^_]+_/, '');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const RESERVE = { command: { order: 'SO-1', labels: ['L-1'] } };

/** Each role, with what it must be let to and what it must not. The bodies are wrong on purpose: a 400 was let through. */
const NEEDS: readonly (readonly [Role, string, string])[] = [
  ['read', 'GET', '/v1/labels'],
  ['read', 'GET', '/v1/orders'],
  ['read', 'GET', '/v1/reservations'],
  ['read', 'GET', '/v1/shipments'],
  ['read', 'GET', '/v1/show'],
  ['read', 'GET', '/metrics'],
  ['read', 'POST', '/v1/find'],
  ['read', 'POST', '/v1/suggest'],
  ['read', 'GET', '/v1/subject'],
  ['read', 'GET', '/v1/history'],
  ['read', 'GET', '/v1/history/end'],
  ['read', 'GET', '/v1/history/digest'],
  ['read', 'POST', '/v1/diagnose'],
  ['read', 'POST', '/v1/bundle'],
  ...Object.values(VERB_PATHS).map((path) => ['operate', 'POST', path] as const),
  ['admin', 'POST', '/v1/imports'],
  ['admin', 'POST', '/v1/imports/x/rows'],
  ['admin', 'POST', '/v1/imports/x/preview'],
  ['admin', 'POST', '/v1/imports/x/apply'],
  ['admin', 'GET', '/v1/imports/x'],
  ['admin', 'DELETE', '/v1/imports/x'],
];

describe('with tokens', () => {
  it.each(NEEDS)('the role %s is needed for %s %s', async (needed, method, path) => {
    const { call } = running();
    for (const role of ROLES) {
      const { token } = await tokenFor(`the ${role}er`, role);
      const body = method === 'POST' ? { body: '{}' } : {};
      const reply = await call(method, path, { headers: bearer(token), ...body });
      const allowed = ROLES.indexOf(role) >= ROLES.indexOf(needed);
      if (allowed) expect([200, 400, 404]).toContain(reply.status);
      else {
        expect(reply.status).toBe(403);
        expect(reply.json<Problem>()).toMatchObject({
          code: 'not_authorised',
          detail: expect.stringContaining(needed),
        });
      }
    }
    const without = await call(method, path, method === 'POST' ? { body: '{}' } : {});
    expect(without.status).toBe(401);
    expect(without.headers['www-authenticate']).toBe('Bearer realm="earmark"');
  });

  it('every route of the document is in this test', async () => {
    interface Paths {
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security: unknown[] }>>>>;
    }
    const { paths } = (await running().get('/openapi.json')).json<Paths>();
    const guarded = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.length > 0)
        .map(([method]) => `${method.toUpperCase()} ${path.replace('{id}', 'x')}`),
    );
    expect(guarded.toSorted()).toEqual(NEEDS.map(([, method, path]) => `${method} ${path}`).toSorted());
  });

  it.each(['/healthz', '/readyz', '/openapi.json'])('%s needs none', async (path) => {
    await tokenFor('dana', 'read');
    expect(
      (await running().get(path, { host: 'stock.example', origin: 'https://stock.example' })).status,
    ).toBe(200);
  });

  it('the history names the owner, whatever the caller claims', async () => {
    const { post } = running();
    const { token } = await tokenFor('Zoë', 'operate');
    const headers = operation({ ...bearer(token), 'earmark-actor': 'mallory', host: 'stock.example' });
    const answer = (await post('/v1/reserve', RESERVE, headers)).json<ReserveAnswer>();
    expect(answer.operation?.by).toBe('Zoë');
    expect(answer.results[0]?.label.reservation?.by).toBe('Zoë');
  });

  it('an operation belongs to the owner, not to the token', async () => {
    const { post } = running();
    const [one, two, other] = [
      await tokenFor('dana', 'operate'),
      await tokenFor('dana', 'admin'),
      await tokenFor('eve', 'operate'),
    ];
    const id = operation();
    const first = await post('/v1/reserve', RESERVE, { ...id, ...bearer(one.token) });
    expect((await post('/v1/reserve', RESERVE, { ...id, ...bearer(two.token) })).text).toBe(first.text);
    expect((await post('/v1/reserve', RESERVE, { ...id, ...bearer(other.token) })).status).toBe(422);
  });
});

describe('a token that was', () => {
  it('tampered with is refused', async () => {
    const { get } = running();
    const { token, name } = await tokenFor('dana', 'admin');
    const other = await tokenFor('eve', 'read');
    const flipped = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);
    const wrong = [
      flipped,
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      token.replace(name, other.name),
      other.token.replace(other.name, name),
      token.replace('emk_', 'emk-'),
      `emk_${'0'.repeat(8)}_${'A'.repeat(43)}`,
      name,
      '',
      'emk__',
      `${token} ${token}`,
    ];
    for (const each of wrong) {
      const reply = await get('/v1/labels', bearer(each));
      expect([each === flipped, reply.status]).toEqual([each === flipped, 401]);
      expect(reply.text).not.toContain(each === '' ? 'emk_' : each);
    }
    for (const scheme of [`Basic ${token}`, token, `Bearer${token}`])
      expect((await get('/v1/labels', { authorization: scheme })).status).toBe(401);
    expect((await get('/v1/labels', { authorization: `bearer  ${token}` })).status).toBe(200);
  });

  it('revoked is refused a second later at most', async () => {
    const { get, backend } = running();
    const [ends, stays] = [await tokenFor('dana', 'read'), await tokenFor('eve', 'read')];
    const status = async ({ token }: { token: string }) => (await get('/v1/labels', bearer(token))).status;
    expect([await status(ends), await status(stays)]).toEqual([200, 200]);
    expect(await tokens.revoke(ends.name, backend.clock.now())).toBe(true);
    backend.clock.move(1_000);
    expect([await status(ends), await status(stays)]).toEqual([401, 200]);
  });

  it('the last one, and revoked, leaves the door shut', async () => {
    const { get, backend } = running();
    const { name } = await tokenFor('dana', 'admin');
    await tokens.revoke(name, 1);
    backend.clock.move(1_000);
    expect((await get('/v1/labels')).status).toBe(401);
  });

  it('made while the server runs shuts the door a second later at most', async () => {
    const { get, backend } = running();
    expect((await get('/v1/labels')).status).toBe(200);
    const { token } = await tokenFor('dana', 'read');
    backend.clock.move(1_000);
    expect((await get('/v1/labels')).status).toBe(401);
    expect((await get('/v1/labels', bearer(token))).status).toBe(200);
  });
});

describe('what is kept of a token', () => {
  it('is its hash and not itself', async () => {
    const { token, name } = await tokenFor('dana', 'read');
    const [record] = await tokens.list();
    expect(record).toEqual({
      name,
      owner: 'dana',
      role: 'read',
      createdAt: 1,
      createdBy: 'root',
      revokedAt: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(record)).not.toContain(secretOf(token));
  });

  it('stays when it is revoked, with the first time', async () => {
    const { name } = await tokenFor('dana', 'read');
    expect([
      await tokens.revoke(name, 5),
      await tokens.revoke(name, 9),
      await tokens.revoke('nobody', 9),
    ]).toEqual([true, true, false]);
    expect(await tokens.find(name)).toMatchObject({ revokedAt: 5 });
  });
});

describe('the log', () => {
  it('says who did what, and no secret, no body and no value of a query', async () => {
    const { post, get, log } = running();
    const { token } = await tokenFor('dana', 'operate');
    const wrong = `emk_${'0'.repeat(8)}_${'S'.repeat(43)}`;
    await post('/v1/reserve', { ...RESERVE, reason: 'hush' }, { ...operation(), ...bearer(token) });
    await get('/v1/labels?search=whisper', bearer(token));
    await get('/v1/labels', bearer(wrong));
    await post(
      '/v1/reserve',
      { command: { order: 'muted', labels: [] }, secret: 'quiet' },
      { ...operation(), ...bearer(token) },
    );
    await get('/v1/imports/silent-id', bearer(token));
    const text = JSON.stringify(log);
    for (const part of [secretOf(token), 'SSSS', 'hush', 'whisper', 'muted', 'quiet', 'silent-id'])
      expect(text).not.toContain(part);
    expect(log[0]).toMatchObject({
      method: 'POST',
      route: '/v1/reserve',
      status: 200,
      actor: 'dana',
      code: 'reserved',
      operation: expect.stringMatching(/^key-/),
      ms: expect.any(Number),
    });
    expect(log.map(({ route, status }) => [route, status])).toEqual([
      ['/v1/reserve', 200],
      ['/v1/labels', 200],
      ['/v1/labels', 401],
      ['/v1/reserve', 400],
      ['/v1/imports/{id}', 403],
    ]);
  });
});
