import { join } from 'node:path';

/**
 * The folder that holds package.json. It works for the source and for the bundle alike, because this file lies in `src/`
 * and what it becomes lies in `dist/`, both one step below. The bundle turns `import.meta.dirname` into `__dirname`.
 */
export const packageRoot: string = join(import.meta.dirname, '..');
