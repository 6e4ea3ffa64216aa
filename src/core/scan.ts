/**
 * What a scanner sends, as keys to look up. A scan is the code itself, perhaps behind a symbology identifier, perhaps a GS1
 * element string, perhaps with a leading zero more or less than the label has.
 */
import { parseKey } from './key.ts';

/** `]C1`, `]d2`, `]E0`: an AIM identifier, which some scanners put before every code. */
const AIM = /^\][A-Za-z][0-9A-Za-z]/;
const GROUP_SEPARATOR = '\u001d';
/** Control characters that scanners send around or inside codes, and that no key contains. */
const CONTROLS = /\p{Cc}/gu;

/** Application identifiers of GS1 with a fixed length; the others run up to the next separator or the end. */
const FIXED: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '11': 6,
  '13': 6,
  '15': 6,
  '17': 6,
  '20': 2,
};
/** The elements that name one piece: serial number, logistic unit. */
const EXACT = ['21', '00'] as const;
/** Those that may name one where a warehouse labels so: lot, article. Beside an exact one they name its neighbours too. */
const COMMON = ['10', '01'] as const;

/**
 * The keys that a scan may stand for, the likeliest first: as it came, without the AIM identifier, the serial number or unit
 * of a GS1 element string, and with leading zeros off or one put on (a UPC read as an EAN, and the other way round).
 */
export function scanKeys(scan: string): string[] {
  const plain = withoutPrefix(scan);
  const keys = new Set<string>();
  for (const text of [scan, plain]) keys.add(text.replace(CONTROLS, ''));
  for (const text of gs1Keys(plain)) keys.add(text);
  for (const text of [...keys]) for (const other of otherZeros(text)) keys.add(other);
  const parsed = [...keys].map(parseKey);
  return [...new Set(parsed.flatMap((each) => ('key' in each ? [each.key] : [])))];
}

/** The text of a scan, without an AIM identifier and control characters. */
export function plainScan(scan: string): string {
  return withoutPrefix(scan).replace(CONTROLS, '').trim();
}

function withoutPrefix(scan: string): string {
  return scan.replace(/^\p{Cc}+/u, '').replace(AIM, '');
}

/** The values of a GS1 element string that name stock; none if the text is no such string. */
function gs1Keys(text: string): string[] {
  const elements = gs1Elements(text);
  const valuesOf = (identifiers: readonly string[]) => {
    return identifiers.flatMap((identifier) => elements?.get(identifier) ?? []);
  };
  const exact = valuesOf(EXACT);
  return exact.length > 0 ? exact : valuesOf(COMMON);
}

/** `01` + 14 digits + `21` + serial, with separators after values of variable length. */
function gs1Elements(text: string): Map<string, string> | undefined {
  const elements = new Map<string, string>();
  let rest = text.startsWith(GROUP_SEPARATOR) ? text.slice(1) : text;
  while (rest !== '') {
    const identifier = rest.slice(0, 2);
    const length = FIXED[identifier];
    if (length === undefined && !['10', '21', '22', '37'].includes(identifier)) return undefined;
    const body = rest.slice(2);
    const end = length ?? (body.indexOf(GROUP_SEPARATOR) >= 0 ? body.indexOf(GROUP_SEPARATOR) : body.length);
    const value = body.slice(0, end);
    if (value === '' || value.length < (length ?? 1) || value.includes(GROUP_SEPARATOR)) return undefined;
    if (length !== undefined && !/^\d+$/.test(value)) return undefined;
    elements.set(identifier, value);
    rest = body.slice(end);
    if (rest.startsWith(GROUP_SEPARATOR)) rest = rest.slice(1);
  }
  return elements.size === 0 ? undefined : elements;
}

function otherZeros(text: string): string[] {
  if (!/^\d{4,}$/.test(text)) return [];
  const bare = text.replace(/^0+/, '');
  return bare === text ? [`0${text}`] : [bare, ...(text.startsWith('0') ? [text.slice(1)] : [])];
}
