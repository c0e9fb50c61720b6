/**
 * Collects what browsers report: counted in groups, bounded in number, rate and noise. Anybody can send a report, so
 * nothing here costs more than a look-up and a line now and then.
 * @module
 */
import type { Clock, CspReport, CspViolationGroup, Emit } from '../kernel/index.ts';
import type { Useless, Violation } from './violation.ts';

/** Groups that are kept; the one that was seen longest ago makes room. */
const MOST_GROUPS = 500;
/** Requests whose body is read: so many at once, and so many a second after that. */
const BURST = 200;
const PER_SECOND = 20;
/** Lines of the log an hour. */
const EVENTS_PER_HOUR = 100;
const HOUR = 3_600_000;

type Group = { -readonly [K in keyof CspViolationGroup]: CspViolationGroup[K] };

export class ReportCollector {
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #since: number;
  /** In order of the last sighting. */
  readonly #groups = new Map<string, Group>();
  readonly #ignored = { malformed: 0, foreign: 0, extension: 0, excess: 0, forgotten: 0 };
  #budget = BURST;
  #refilled: number;
  #told = 0;
  #hour: number;

  constructor(clock: Clock, emit: Emit) {
    this.#clock = clock;
    this.#emit = emit;
    this.#since = this.#refilled = this.#hour = clock.now();
  }

  /** True where the body of one more request may be read. */
  admit(): boolean {
    const now = this.#clock.now();
    // A clock that was set back must not empty the budget.
    const elapsed = Math.max(0, now - this.#refilled);
    this.#budget = Math.min(BURST, this.#budget + (elapsed / 1000) * PER_SECOND);
    this.#refilled = now;
    if (this.#budget >= 1) {
      this.#budget--;
      return true;
    }
    this.#ignored.excess++;
    return false;
  }

  /** Counts one report. `request` is the id of the request that brought it. */
  add(report: Violation | Useless, request: string): void {
    if (typeof report === 'string') {
      this.#ignored[report]++;
      return;
    }
    const now = this.#clock.now();
    const { directive, blocked, document, disposition } = report;
    const key = `${directive} ${blocked} ${disposition} ${document}`;
    const known = this.#groups.get(key);
    if (known !== undefined) {
      known.count++;
      known.last = now;
      this.#groups.delete(key);
      this.#groups.set(key, known);
      return;
    }
    if (this.#groups.size >= MOST_GROUPS) this.#forget();
    this.#groups.set(key, { ...report, count: 1, first: now, last: now });
    if (this.#mayTell(now)) this.#emit('csp.violation', { request, directive, blocked, document, disposition });
  }

  /** What was collected, the most frequent first. */
  report(page: CspReport['page']): CspReport {
    const groups = [...this.#groups.values()].map((group) => ({ ...group })).sort((a, b) => b.count - a.count);
    return { since: this.#since, groups, ignored: { ...this.#ignored }, page };
  }

  #forget(): void {
    const [oldest] = this.#groups.keys();
    this.#groups.delete(oldest!);
    this.#ignored.forgotten++;
  }

  #mayTell(now: number): boolean {
    if (now - this.#hour >= HOUR || now < this.#hour) {
      this.#hour = now;
      this.#told = 0;
    }
    return this.#told++ < EVENTS_PER_HOUR;
  }
}
