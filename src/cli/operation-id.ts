/** Ids of operations: made before the first attempt, so that an attempt can be repeated safely (DESIGN rule 18). */
import { randomBytes } from 'node:crypto';

/** Crockford's alphabet in lower case: no i, l, o or u, so that an id can be read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const RANDOM_LETTERS = 8;

/** `1k3vq8d2c-7m2k4rxa`: the time first, so that ids sort as they were made; then 40 random bits. */
export function newOperationId(now: number): string {
  let time = '';
  for (let rest = now, at = 0; at < TIME_LETTERS; at++, rest = Math.floor(rest / 32))
    time = ALPHABET[rest % 32] + time;
  const random = [...randomBytes(RANDOM_LETTERS)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${time}-${random}`;
}
