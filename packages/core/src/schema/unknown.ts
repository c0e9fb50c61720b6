/**
 * Fields that came in and did not come out: what a schema dropped, whatever library it is of. A client that sends
 * `role` where nobody asked for it is either wrong or after something, and dropping it silently hides both.
 * @module
 */

/** Where the first such field stands; `null` where there is none. It goes as deep as the body may. */
export function unknownField(input: unknown, output: unknown): readonly PropertyKey[] | null {
  // What a schema hands on as it came has all its fields.
  if (input === output || !isContainer(input) || !isContainer(output)) return null;
  if (Array.isArray(input)) return Array.isArray(output) ? unknownItem(input, output) : null;
  // A date, a map, an object of a class: the schema made something else of it, field by field.
  return Array.isArray(output) || !isPlain(output) ? null : unknownMember(input, output);
}

function unknownMember(input: Container, output: Container): readonly PropertyKey[] | null {
  for (const key of Object.keys(input)) {
    // Not `in`: an object inherits `constructor`, which nobody validated.
    if (!Object.hasOwn(output, key)) return [key];
    const inner = unknownField(input[key], output[key]);
    if (inner !== null) return [key, ...inner];
  }
  return null;
}

function unknownItem(input: readonly unknown[], output: readonly unknown[]): readonly PropertyKey[] | null {
  if (input.length > output.length) return [output.length];
  for (let i = 0; i < input.length; i++) {
    const inner = unknownField(input[i], output[i]);
    if (inner !== null) return [i, ...inner];
  }
  return null;
}

type Container = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
