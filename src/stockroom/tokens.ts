/** Tokens for the server: what a client shows instead of a password (DESIGN section 8). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** From the smallest to the largest; each may do what those before it may. */
export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A token as it is kept: the hash of it, never itself. */
export interface TokenRecord {
  /** What it is called by; a part of the token, and no secret. */
  readonly name: string;
  /** Whom the history names for what is done with it. */
  readonly owner: string;
  readonly role: Role;
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
  /** Milliseconds, UTC. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly revokedAt: number | null;
}

/** Where tokens are kept. A row never goes, so that a database with tokens never answers without one again. */
export interface TokenStore {
  find(name: string): Promise<TokenRecord | null>;
  /** Whether there is any, revoked or not. */
  any(): Promise<boolean>;
  /** In the order in which they were made. */
  list(): Promise<TokenRecord[]>;
  add(token: TokenRecord): Promise<void>;
  /** Gives false if no token has that name; one that is revoked already keeps its first time. */
  revoke(name: string, at: number): Promise<boolean>;
}

/** Crockford's alphabet in lower case, so that a name can be read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const NAME_LETTERS = 8;
const SECRET_BYTES = 32;
const FORM = /^emk_([0-9a-z]{1,40})_[A-Za-z0-9_-]{43}$/;

/** A new token with its record. The token is shown once; nothing can give it again. */
export function newToken(given: Pick<TokenRecord, 'owner' | 'role' | 'createdAt' | 'createdBy'>): {
  readonly token: string;
  readonly record: TokenRecord;
} {
  const name = [...randomBytes(NAME_LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  const token = `emk_${name}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { token, record: { name, ...given, hash: hashOf(token).toString('hex'), revokedAt: null } };
}

/** The name in a token, or undefined for a text that is none. */
export function nameOfToken(token: string): string | undefined {
  return FORM.exec(token)?.[1];
}

/** Whether the record is of this token and still good. An unknown name takes as long as a wrong secret. */
export function isTokenOf(token: string, record: TokenRecord | null): record is TokenRecord {
  const expected = Buffer.from(record?.hash ?? NOBODY, 'hex');
  const same = timingSafeEqual(hashOf(token), expected);
  return same && record !== null && record.revokedAt === null;
}

const NOBODY = '0'.repeat(64);

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
