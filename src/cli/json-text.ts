/** JSON for a terminal, too: `JSON.stringify` leaves controls above ASCII and what turns the reading direction as they are. */

const RAW = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Such characters stand only in texts, where an escape means the same. `indent` spreads it over lines for people. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(RAW, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
