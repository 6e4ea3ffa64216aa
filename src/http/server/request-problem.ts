/** What is wrong with a request itself, as a problem to answer with; and faults as problems. */
import { type Problem, problem } from '../../core/index.ts';
import { FAULTS, Fault } from '../../stockroom/fault.ts';

/** Thrown while a request is read, and answered in one place. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(given: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(given.detail);
    this.problem = given;
    this.headers = headers;
  }
}

/** A request that can't be read: wrong fields, a missing header, too large. */
export function wrongInput(detail: string, status = 400): RequestProblem {
  return new RequestProblem(problem('input', status, detail, false));
}

export function notAuthorised(detail: string): RequestProblem {
  return new RequestProblem(problem('not_authorised', 401, detail, false), {
    'www-authenticate': 'Bearer realm="earmark"',
  });
}

export function notAllowed(detail: string): RequestProblem {
  return new RequestProblem(problem('not_authorised', 403, detail, false));
}

/** Seconds after which a try may go better. */
const RETRY_AFTER = { busy: 1, outcome_unknown: 1, disk_full: 60 } as const;

export function tooBusy(detail: string, seconds: number): RequestProblem {
  return new RequestProblem(problem('busy', 503, detail, true), { 'retry-after': String(seconds) });
}

/** Whatever was thrown, as what is answered. What is no fault is a bug, and its message stays inside. */
export function problemOf(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  if (!(error instanceof Fault)) {
    return new RequestProblem(
      problem('unexpected', 500, 'something unexpected happened in the server; its log says more', false),
    );
  }
  const { http, retryable } = FAULTS[error.code];
  const seconds = (RETRY_AFTER as Readonly<Record<string, number>>)[error.code];
  return new RequestProblem(
    problem(error.code, http, error.message, retryable, error.next),
    seconds === undefined ? {} : { 'retry-after': String(seconds) },
  );
}
