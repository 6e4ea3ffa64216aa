import { styleText } from 'node:util';

/** How things look. Every one of them also differs by its words or marks, for terminals and eyes without colour. */
export interface Theme {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly cursor: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

export function createTheme(color: boolean): Theme {
  // The caller has decided about colour; styleText must not look at a stream or a variable and decide again.
  const style = (format: Format) => (text: string) =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: style('bold'),
    faint: style('dim'),
    cursor: style('cyan'),
    good: style('green'),
    bad: style('red'),
  };
}
