/**
 * A reporter for node:test that writes one JSON line for each test that ended, beside the reporter people read.
 * node:test takes a reporter as a default export.
 * @module
 */
import type { TestEvent } from 'node:test/reporters';

/** What became of one test. */
export interface TestRecord {
  /** Names of the suites around it and its own, joined by ` > `. */
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
}

export default async function* record(source: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  const path: string[] = [];
  for await (const event of source) {
    if (event.type === 'test:start') {
      path.length = event.data.nesting;
      path.push(event.data.name);
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const { name, nesting, details, skip, todo } = event.data;
      // A suite that passed proves nothing of its own; one that failed counts only where a hook of its own broke.
      if (event.type === 'test:pass' ? details.type === 'suite' : failedInside(event.data.details.error)) continue;
      const skipped = isSet(skip) || isSet(todo);
      const line: TestRecord = {
        name: [...path.slice(0, nesting), name].join(' > '),
        result: skipped ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed',
      };
      yield `${JSON.stringify(line)}\n`;
    }
  }
}

function failedInside(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

/** node:test gives the reason, or true, or an empty string where no reason was given. */
function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}
