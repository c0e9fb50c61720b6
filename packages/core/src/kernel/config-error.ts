/**
 * Bad configuration is refused at once, by name, and all of it together.
 * @module
 */

export interface ConfigFault {
  /** Path of the option as the owner writes it: `csrf.trustedOrigins[1]`. */
  readonly option: string;
  /** What is wrong. Secret values are never repeated here. */
  readonly wrong: string;
  /** What to write instead. */
  readonly write: string;
  /** The nearest option that exists, when a name was not known. */
  readonly nearest?: string;
}

/** Every fault of a configuration, in one error. Thrown before anything listens. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'DEWAR_CONFIG';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the configuration\n${faults.map(line).join('\n')}`,
    );
    this.faults = faults;
  }
}

function line(fault: ConfigFault): string {
  const nearest = fault.nearest === undefined ? '' : ` (did you mean "${fault.nearest}"?)`;
  return `  ${fault.option}: ${fault.wrong}${nearest}; ${fault.write}`;
}

/** Faults for the keys of `given` that are not in `known`, with the nearest known name. */
export function unknownKeys(given: object, known: readonly string[], at: string): ConfigFault[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known);
      const fault = {
        option: at === '' ? key : `${at}.${key}`,
        wrong: 'no such option',
        write: `use one of ${known.join(', ')}`,
      };
      return near === undefined ? fault : { ...fault, nearest: near };
    });
}

/** The candidate that differs by the fewest edits, if it is near enough to be a typing error. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
    }
    row = next;
  }
  return row[b.length]!;
}
