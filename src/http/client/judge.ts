/** What a reply means: an answer, or the fault that it tells of. */
import type { Problem } from '../../core/index.ts';
import { FAULTS, Fault, type FaultCode } from '../../stockroom/fault.ts';
import { API_VERSION, HEADER } from '../wire.ts';
import type { Ask, Reply } from './exchange.ts';

type Asked = Pick<Ask, 'method' | 'path'>;

export type Judged =
  | { readonly kind: 'answer'; readonly document: unknown }
  | {
      readonly kind: 'fault';
      readonly error: Fault | UnknownProblem;
      /** Whether the same request may soon get an answer. */
      readonly again: boolean;
      /** Whether the request may have been done although this is no answer to it. */
      readonly maybeDone: boolean;
    };

/** A problem whose code this earmark does not know: a bug on one of the two sides. */
export class UnknownProblem extends Error {
  override readonly name = 'UnknownProblem';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** What proxies say of a server that they can't reach, or that is too slow for them; only they say it without our header. */
const OF_PROXIES: readonly number[] = [502, 503, 504];

/** Faults that are over soon: the lock is free, the commit can be asked about, the server has started again. */
const SHORT: readonly FaultCode[] = ['busy', 'outcome_unknown', 'server_down'];

/** `place` is the server's, for sentences. */
export function judge(reply: Reply, ask: Asked, place: string): Judged {
  const { status, statusLine, headers } = reply;
  const version = headers[HEADER.api];
  if (version === undefined) {
    if (OF_PROXIES.includes(status)) {
      const error = new Fault(
        'server_down',
        `${place} can't be reached: a proxy before it says ${statusLine}`,
      );
      return { kind: 'fault', error, again: true, maybeDone: true };
    }
    return final(notEarmark(reply, ask, place));
  }
  if (version !== String(API_VERSION)) {
    const message = `${place} speaks version ${version} of earmark's API, and this earmark version ${API_VERSION}; update the older of the two`;
    return final(new Fault('server_version', message));
  }
  if (status === 204) return { kind: 'answer', document: null };
  const document = parsed(reply);
  if (document === undefined) {
    const message = `${place} answered ${statusLine} with what is no document of earmark`;
    // Its header says that it is earmark, so the answer was damaged on the way, after the request had been done.
    return { kind: 'fault', error: new Fault('not_earmark_server', message), again: true, maybeDone: true };
  }
  if (status >= 200 && status < 300) return { kind: 'answer', document };
  return judgeProblem(document as Partial<Problem> & { readonly answer?: unknown }, reply, place);
}

function judgeProblem(
  problem: Partial<Problem> & { readonly answer?: unknown },
  { status, statusLine, headers }: Reply,
  place: string,
): Judged {
  // A refusal is a value: the whole answer came with it.
  if (problem.answer !== undefined) return { kind: 'answer', document: problem.answer };
  const detail = problem.detail ?? `${place} answered ${statusLine}`;
  if (status === 401 || status === 403) return final(notAuthorised(detail, status));
  // Something that the server does not have, or has no more, such as an import.
  if (status === 404) return final(new UnknownProblem(`${place} says: ${detail}`, status));
  const { code } = problem;
  if (code !== undefined && isFaultCode(code)) {
    const error = faultOf(code, detail, problem.next);
    const again = SHORT.includes(code) || headers['retry-after'] !== undefined;
    return { kind: 'fault', error, again, maybeDone: code === 'outcome_unknown' };
  }
  if (status === 429 || status === 503) {
    return { kind: 'fault', error: new Fault('server_down', detail), again: true, maybeDone: false };
  }
  return final(new UnknownProblem(`${place} says: ${detail}`, status));
}

/** A problem that came as a document, as a fault or as an error that nobody expected. */
export function problemError({ code, detail, status, next }: Problem): Fault | UnknownProblem {
  return isFaultCode(code) ? faultOf(code, detail, next) : new UnknownProblem(detail, status);
}

function faultOf(code: FaultCode, detail: string, next: Problem['next'] | undefined): Fault {
  return new Fault(code, detail, next === undefined ? {} : { next });
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULTS, code);
}

function final(error: Fault | UnknownProblem): Judged {
  return { kind: 'fault', error, again: false, maybeDone: false };
}

function notAuthorised(detail: string, status: number): Fault {
  if (status === 403) return new Fault('not_authorised', detail);
  return new Fault('not_authorised', detail, {
    next: [{ label: 'token', command: 'set EARMARK_TOKEN, or earmark context add NAME --server URL' }],
  });
}

function notEarmark({ status, statusLine, headers }: Reply, { method, path }: Asked, place: string): Fault {
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    const message = `${place} sends on to ${headers.location}, and earmark never follows; name the server itself`;
    return new Fault('not_earmark_server', message);
  }
  const type = headers['content-type'] ?? 'no content type';
  const [bare] = path.split('?');
  const message = `${place} is no earmark server: it answered ${method} ${bare} with ${statusLine}, ${type}`;
  return new Fault('not_earmark_server', message);
}

/** The document in a reply; undefined if it is none. */
function parsed({ headers, text }: Reply): object | undefined {
  if (!/^application\/(problem\+)?json\b/.test(headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `Retry-After`, in seconds or as a date, in milliseconds from `now`; undefined if there is none. */
export function retryAfter({ headers }: Reply, now: number): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}
