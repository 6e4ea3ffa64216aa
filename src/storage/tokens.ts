/** Tokens in the database, for both databases, in Kysely. */
import type { Kysely } from 'kysely';
import type { TokenRecord, TokenStore } from '../stockroom/tokens.ts';
import type { Schema } from './schema.ts';

/** Runs a write, again while others hold a lock that it needs. */
type Retrying = <T>(write: () => Promise<T>) => Promise<T>;

const COLUMNS = [
  'name',
  'owner',
  'role',
  'hash',
  'created_at as createdAt',
  'created_by as createdBy',
  'revoked_at as revokedAt',
] as const;

export class KyselyTokens implements TokenStore {
  readonly #db: Kysely<Schema>;
  readonly #retrying: Retrying;

  constructor(db: Kysely<Schema>, retrying: Retrying = async (write) => await write()) {
    this.#db = db;
    this.#retrying = retrying;
  }

  async find(name: string): Promise<TokenRecord | null> {
    const rows = this.#db.selectFrom('tokens').select(COLUMNS).where('name', '=', name);
    return (await rows.executeTakeFirst()) ?? null;
  }

  async any(): Promise<boolean> {
    const row = await this.#db.selectFrom('tokens').select('id').limit(1).executeTakeFirst();
    return row !== undefined;
  }

  async list(): Promise<TokenRecord[]> {
    return await this.#db.selectFrom('tokens').select(COLUMNS).orderBy('id').execute();
  }

  async add({ name, owner, role, hash, createdAt, createdBy, revokedAt }: TokenRecord): Promise<void> {
    const row = {
      name,
      owner,
      role,
      hash,
      created_at: createdAt,
      created_by: createdBy,
      revoked_at: revokedAt,
    };
    await this.#retrying(async () => await this.#db.insertInto('tokens').values(row).execute());
  }

  async revoke(name: string, at: number): Promise<boolean> {
    return await this.#retrying(async () => {
      const update = this.#db
        .updateTable('tokens')
        .set((row) => ({ revoked_at: row.fn.coalesce('revoked_at', row.val(at)) }))
        .where('name', '=', name);
      return (await update.executeTakeFirst()).numUpdatedRows > 0n;
    });
  }
}
