import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** In a fresh clone nothing is known of how long files take, and the longest of them would run alone at the end. */
const LONGEST = ['http-postgres', 'postgres', 'http-sqlite', 'transcripts', 'sqlite'].map(
  (name) => `/${name}.test.ts`,
);

/** Begins the files that take longest first, so that all cores are busy until the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((end) => moduleId.endsWith(end));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
