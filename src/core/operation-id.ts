/** The form of an operation's id, wherever it is chosen (DESIGN rule 18): it stands in commands, addresses and headers. */

/** Longest id, in letters. */
export const MAX_OPERATION_ID = 100;

export const OPERATION_ID = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;

/** The clause that says what an id may be. */
export const OPERATION_ID_RULE = `takes up to ${MAX_OPERATION_ID} letters, digits and . _ : / -`;

export function isOperationId(text: string): boolean {
  return OPERATION_ID.test(text);
}
