/**
 * Reporter of node:test that says nothing but which tests failed, and how many ran.
 * @module
 */
import type { TestEvent } from 'node:test/reporters';

/** One line a failed test, then the count. Parents of a failed test fail too, and are named as well. */
export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let ran = 0;
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') ran++;
    if (type === 'test:fail') yield `failed: ${data.name}\n`;
  }
  yield `ran: ${ran}\n`;
}
