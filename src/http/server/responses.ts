/** How problems are answered, and what every route may answer besides its own. */
import { type Problem, problem } from '../../core/index.ts';
import { MEDIA } from '../wire.ts';
import { problemDocument } from './schemas/problems.ts';

export function problemResponse(given: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(given), {
    status: given.status,
    headers: { ...headers, 'content-type': MEDIA.problem },
  });
}

export function nothingThere(): Problem {
  return problem(
    'usage',
    404,
    'the server has nothing at this address for this method; /openapi.json says what it has',
    false,
  );
}

const content = { [MEDIA.problem]: { schema: problemDocument } };

/** A response that is a problem; its description comes with it. */
export const PROBLEM = { content } as const;

/** Of every route. */
export const FAILURES = {
  500: {
    description: 'Unexpected, or the outcome is not known (`outcome_unknown`): send it again.',
    content,
  },
  507: { description: 'The disk is full, and nothing was done.', content },
  503: { description: 'Busy: nothing was done, and trying again is safe; `Retry-After` says when.', content },
} as const;

/** Of routes with a role besides. */
export const NO_ENTRY = {
  401: { description: 'The token is missing, unknown or revoked (`not_authorised`).', content },
  403: { description: "The token's role does not allow this, or the request comes from elsewhere.", content },
} as const;

export const WRONG_INPUT = {
  400: { description: 'Something in the request can not be read (`input`).', content },
} as const;

/** Of routes with a body besides. */
export const WRONG_BODY = {
  ...WRONG_INPUT,
  413: { description: 'The body is too large.', content },
  415: { description: 'The body has another content type.', content },
} as const;
