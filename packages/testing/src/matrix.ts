/**
 * Every attack against every adapter: the exploit succeeds on the twin and fails on the protected application,
 * and an honest request passes on both.
 * @module
 */
import type { AnyDewar } from '@dewar/core';
import { attackTitle } from './attack.ts';
import type { Attack } from './attack.ts';
import { protectedApp, twin } from './twin.ts';
import type { Target } from './twin.ts';

/** What one attack did to one application. */
export interface Outcome {
  readonly adapter: string;
  readonly title: string;
  readonly protection: string;
  readonly exploitedTwin: boolean;
  readonly exploitedProtected: boolean;
  readonly honestOnTwin: boolean;
  readonly honestOnProtected: boolean;
}

/** An application, told apart from the same one on another adapter. */
export interface Subject {
  readonly adapter: string;
  readonly origin: string;
  readonly dewar: AnyDewar;
}

/** Runs one attack against one subject. Both applications are new, so that no attack sees another's traces. */
export async function runAttack(subject: Subject, attack: Attack): Promise<Outcome> {
  const { dewar, origin, adapter } = subject;
  const replacements = attack.replacements?.() ?? {};
  const [exploitedTwin, honestOnTwin] = await against(
    attack,
    twin(dewar, origin, attack.protection, attack.masks, replacements),
  );
  const again = attack.replacements?.() ?? {};
  const [exploitedProtected, honestOnProtected] = await against(attack, protectedApp(dewar, origin, again));
  const { protection } = attack;
  return {
    adapter,
    title: attackTitle(attack),
    protection,
    exploitedTwin,
    exploitedProtected,
    honestOnTwin,
    honestOnProtected,
  };
}

async function against(attack: Attack, starting: Promise<Target>): Promise<[exploited: boolean, honest: boolean]> {
  const target = await starting;
  try {
    // The honest request comes second: a protection must not be tired out by an attack.
    return [await attack.exploit(target), await attack.legitimate(target)];
  } finally {
    await target.close();
  }
}

/** What is wrong with an outcome, or `null`. */
export function verdictOf(outcome: Outcome): string | null {
  if (outcome.exploitedProtected) return 'the exploit succeeded on the protected application';
  if (!outcome.exploitedTwin) return 'the exploit failed on the twin, so it proves nothing';
  if (!outcome.honestOnProtected) return 'an honest request failed on the protected application';
  if (!outcome.honestOnTwin) return 'an honest request failed on the twin';
  return null;
}

/** All attacks on all subjects, as rows for a test runner. */
export function matrix(
  subjects: readonly Subject[],
  attacks: readonly Attack[],
): { readonly title: string; run(): Promise<void> }[] {
  return subjects.flatMap((subject) =>
    attacks.map((attack) => ({
      title: `${subject.adapter}: ${attackTitle(attack)}`,
      async run() {
        const wrong = verdictOf(await runAttack(subject, attack));
        if (wrong !== null) throw new Error(wrong);
      },
    })),
  );
}
