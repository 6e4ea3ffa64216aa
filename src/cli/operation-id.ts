/** Ids of operations: made before the first attempt, so that an attempt can be repeated safely (DESIGN rule 18). */
/** Crockford's alphabet in lower case: no i, l, o or u, so that an id can be read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const RANDOM_LETTERS = 8;

/**
 * `1k3vq8d2c-7m2k4rxa`: the time first, so that ids sort as they were made; then 40 random bits. They keep ids of the same
 * millisecond apart and guard no secret, so they need no cryptography, which takes milliseconds to load.
 */
export function newOperationId(now: number): string {
  let time = '';
  for (let rest = now, at = 0; at < TIME_LETTERS; at++, rest = Math.floor(rest / 32))
    time = ALPHABET[rest % 32] + time;
  let random = '';
  while (random.length < RANDOM_LETTERS) random += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  return `${time}-${random}`;
}
