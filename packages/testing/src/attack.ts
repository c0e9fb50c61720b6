/**
 * An attack as data: what it exploits, whose absence lets it in, and a legitimate request that must always pass.
 * @module
 */
import type { Replacements } from '@dewar/core';
import type { Target } from './twin.ts';

export interface Attack {
  /** A fact about the protected application: `a cross-site form cannot post`. */
  readonly name: string;
  /** The protection that stops it. */
  readonly protection: string;
  /** Layers that would stop it too, and so hide that the protection is gone. */
  readonly masks?: readonly string[];
  /** Rows of the feature list that it proves. */
  readonly rows?: readonly string[];
  /** Clock, stores or profile both applications are built with. */
  readonly replacements?: () => Replacements;
  /** True when the exploit worked. */
  exploit(target: Target): Promise<boolean>;
  /** True when an honest user got what they came for. */
  legitimate(target: Target): Promise<boolean>;
}

/** The name of an attack's test: fact and rows. */
export function attackTitle(attack: Attack): string {
  const rows = attack.rows?.map((row) => ` [${row}]`).join('') ?? '';
  return `${attack.protection}: ${attack.name}${rows}`;
}
