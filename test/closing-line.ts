import type { SerializedError, TestModule, TestRunEndReason } from 'vitest/node';
import { DefaultReporter } from 'vitest/node';

/** Vitest's usual report, closed by one line that a program can read: `tests: 12 passed, 0 failed, 1 skipped`. */
export class ClosingLine extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    const { passed, failed, skipped } = count(modules, errors);
    this.log(`tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}

/** What fails outside any test (a file that can't be loaded, a hook, an error that nobody caught) counts as failed too. */
function count(modules: readonly TestModule[], errors: readonly SerializedError[]) {
  const outcomes = { passed: 0, failed: errors.length, skipped: 0 };
  for (const module of modules) {
    outcomes.failed += module.errors().length;
    for (const suite of module.children.allSuites()) outcomes.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      outcomes[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return outcomes;
}
