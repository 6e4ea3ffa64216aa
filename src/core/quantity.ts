/**
 * Exact decimal quantities (DESIGN section 2). A quantity is a whole number of millionths, so that kilograms and
 * metres add up exactly; 999,999,999.999999 is the most a label or line may hold.
 */
export type Quantity = number & { readonly __quantity: unique symbol };

const PLACES = 6;
const SCALE = 1_000_000;

/** The largest quantity that can be held or ordered, in millionths. */
export const MAX_QUANTITY = 999_999_999_999_999 as Quantity;
export const ZERO = 0 as Quantity;

/** Why a text is not a quantity; each is a whole clause for an error sentence. */
export type QuantityProblem =
  | 'is not a number'
  | 'is negative'
  | 'has more than 6 decimal places'
  | 'is more than 999,999,999.999999';

/**
 * Reads a decimal such as `12`, `0.5` or `1.250000`. Signs other than a leading `-`, exponents, separators and blanks
 * inside are refused rather than guessed at.
 */
export function parseQuantity(text: string): Quantity | QuantityProblem {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) return 'is not a number';
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > PLACES) return 'has more than 6 decimal places';
  if (whole.length > 9) return 'is more than 999,999,999.999999';
  const millionths = Number(whole) * SCALE + Number(fraction.padEnd(PLACES, '0'));
  if (match[1] === '-' && millionths !== 0) return 'is negative';
  return millionths as Quantity;
}

/** Whether `parseQuantity` gave a quantity and not a problem. */
export function isQuantity(parsed: Quantity | QuantityProblem): parsed is Quantity {
  return typeof parsed === 'number';
}

/** Takes millionths read from a database. A value that no quantity can have is a programmer's or a disk's error. */
export function quantityOfMillionths(millionths: number): Quantity {
  if (!Number.isSafeInteger(millionths)) throw new RangeError(`not a quantity in millionths: ${millionths}`);
  return millionths as Quantity;
}

/** The decimal number that stands for the quantity in JSON; exact, because it has at most 15 significant digits. */
export function toDecimal(quantity: Quantity): number {
  return quantity / SCALE;
}

/** The quantity that `toDecimal` gave this number for. */
export function fromDecimal(decimal: number): Quantity {
  return quantityOfMillionths(Math.round(decimal * SCALE));
}

/** Shows a decimal from `toDecimal` without trailing zeros and without an exponent. */
export function formatDecimal(decimal: number): string {
  return formatQuantity(fromDecimal(decimal));
}

/** Shows a quantity without trailing zeros: `12`, `0.5`. */
export function formatQuantity(quantity: Quantity): string {
  const sign = quantity < 0 ? '-' : '';
  const millionths = Math.abs(quantity);
  const fraction = String(millionths % SCALE)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return sign + Math.floor(millionths / SCALE) + (fraction === '' ? '' : `.${fraction}`);
}

export function plus(a: Quantity, b: Quantity): Quantity {
  return quantityOfMillionths(a + b);
}

/** `a` less `b`; may be below zero, which is how a surplus is told from a shortfall. */
export function minus(a: Quantity, b: Quantity): Quantity {
  return quantityOfMillionths(a - b);
}

export function smaller(a: Quantity, b: Quantity): Quantity {
  return a < b ? a : b;
}

export function total(quantities: Iterable<Quantity>): Quantity {
  let sum = ZERO;
  for (const quantity of quantities) sum = plus(sum, quantity);
  return sum;
}
