/** Says what zod found wrong in one sentence: the field, and what it should be. */
import type { z } from '@hono/zod-openapi';
import { printable } from '../../core/index.ts';

type Issue = z.core.$ZodIssue;

/** The first problem, and how many more there are: `command.labels[2] contains a control character, and 3 more`. */
export function firstProblem(issues: readonly Issue[]): string {
  const [first] = issues;
  if (first === undefined) return 'the request can not be read';
  const deepest = deepestOf(first, []);
  const name = named(deepest.path);
  const more = issues.length === 1 ? '' : `, and ${issues.length - 1} more`;
  return `${name === '' ? 'the request' : name} ${clauseOf(deepest.issue)}${more}`;
}

interface Found {
  readonly issue: Issue;
  readonly path: readonly PropertyKey[];
}

/** Of a value that fits none of several forms, the problem of the form that it comes nearest to. */
function deepestOf(issue: Issue, above: readonly PropertyKey[]): Found {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union') return { issue, path };
  const forms = issue.errors.flatMap((errors) => {
    const [first] = errors;
    return first === undefined ? [] : [{ problems: errors.length, found: deepestOf(first, path) }];
  });
  const [nearest] = forms.toSorted((a, b) => {
    return a.problems - b.problems || nearness(b.found) - nearness(a.found);
  });
  return nearest?.found ?? { issue, path };
}

/** A form whose own type the value has is nearer than one of another type; one that fits further down, nearer still. */
function nearness({ issue, path }: Found): number {
  return 2 * path.length + (issue.code === 'invalid_type' ? 0 : 1);
}

function clauseOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `is not ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `is none of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has an unknown field: ${issue.keys.map(shown).join(', ')}`;
    case 'too_big':
      return `${AMOUNT[issue.origin] ?? 'is'} more than ${issue.maximum}${UNIT[issue.origin] ?? ''}`;
    case 'too_small':
      return `${AMOUNT[issue.origin] ?? 'is'} less than ${issue.minimum}${UNIT[issue.origin] ?? ''}`;
    case 'invalid_union':
      return 'has none of the forms that it may have';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
const AMOUNT: Readonly<Record<string, string>> = { array: 'has', string: 'has' };
const UNIT: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' };

const LONGEST_NAME = 60;

function shown(name: string): string {
  return printable(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name);
}

function named(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${shown(String(part))}`));
  return parts.join('').replace(/^\./, '');
}
