/**
 * Registration, sign-in and roles over an account store: the rules that no form and no command may forget.
 * @module
 */
import { systemClock, systemRandom } from '@dewar/core';
import type { AccountRecord, Clock, Context, Random, Stores } from '@dewar/core';
import { disableAccount, enableAccount } from './disabling.ts';
import type { AccountDisabled, DisableChange, EnableChange } from './disabling.ts';
import { normaliseLogin } from './login.ts';
import { nameFault, normaliseName } from './names.ts';
import type { NameFault } from './names.ts';
import { createPasswords } from './passwords.ts';
import type { PasswordFault, Passwords } from './passwords.ts';
import type { PasswordsOptions } from './policy.ts';
import { changeRoles } from './roles.ts';
import type { PrivilegesChanged, RoleChange } from './roles.ts';

export interface AccountsOptions {
  /** Where accounts are kept. */
  readonly stores: Pick<Stores, 'accounts' | 'transaction'>;
  /** Every role an account can have. */
  readonly roles: readonly string[];
  /** Roles of an account that registered itself. @default none */
  readonly newcomer?: readonly string[];
  /** The role that somebody must always hold. */
  readonly administrator: string;
  /** How passwords are hashed. @default argon2id, 19 MiB, two passes */
  readonly passwords?: Partial<PasswordsOptions>;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default the system's */
  readonly random?: Random;
}

/** What somebody typed. Nothing else of a form can become part of an account. */
export interface RegistrationInput {
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

/** What is wrong with one field of it. */
export type InputFault =
  | { readonly field: 'login'; readonly wrong: 'not-an-address' }
  | { readonly field: 'name'; readonly wrong: NameFault }
  | { readonly field: 'password'; readonly wrong: PasswordFault };

/** What came of a registration. */
export type Registration =
  | { readonly result: 'made'; readonly account: AccountRecord }
  | { readonly result: 'taken' }
  | { readonly result: 'invalid'; readonly faults: readonly InputFault[] };

/** What came of a change of name: a fault says what is wrong with it. */
export type NameChange = 'changed' | 'unchanged' | 'unknown-account' | 'conflict' | NameFault;

export interface Accounts {
  readonly passwords: Passwords;
  /** Makes an account. Hashes whether the login is free or not. */
  register(input: RegistrationInput, c?: Context): Promise<Registration>;
  /** The account whose login and password these are, or `null`, after the same work for both. `c` names the request in events. */
  authenticate(login: string, password: string, c?: Context): Promise<AccountRecord | null>;
  /** Changes the name that others see. It is no credential: nothing of the account's sessions changes. */
  rename(id: string, name: string): Promise<NameChange>;
  /** Gives an account exactly these roles. The last administrator stays one. */
  setRoles(id: string, roles: readonly string[], told: PrivilegesChanged, c?: Context): Promise<RoleChange>;
  /**
   * Keeps an account out, and ends its sessions by `told`, which is asked even where it was disabled before. The last
   * administrator stays one.
   */
  disable(id: string, told: AccountDisabled, c?: Context): Promise<DisableChange>;
  /** Lets a disabled account sign in again. */
  enable(id: string, c?: Context): Promise<EnableChange>;
}

/** Makes the accounts of an application. Faults of the options are thrown. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { stores, roles, newcomer = [], administrator, clock = systemClock, random = systemRandom() } = options;
  for (const role of [...newcomer, administrator])
    if (!roles.includes(role)) throw new TypeError(`createAccounts: "${role}" is not in roles`);
  if (newcomer.includes(administrator)) throw new TypeError('createAccounts: whoever registers would be administrator');
  const passwords = createPasswords(options.passwords, random);

  return Object.freeze({
    passwords,

    async register(input: RegistrationInput, c?: Context): Promise<Registration> {
      const login = normaliseLogin(input.login);
      const name = normaliseName(input.name);
      const faults = faultsOf(login, name, passwords.fault(input.password));
      if (login === null || faults.length > 0) return { result: 'invalid', faults };
      const account = {
        id: random.token(16),
        login,
        name,
        // Before the store is asked: how long the answer takes does not tell whether the login is taken.
        passwordHash: await passwords.hash(input.password),
        roles: newcomer,
        disabled: false,
        createdAt: clock.now(),
      };
      if ((await stores.accounts.create(account)) === 'taken') return { result: 'taken' };
      c?.kernel.emit('account.registered', { ...asked(c), account: account.id });
      return { result: 'made', account: { ...account, version: 1 } };
    },

    async authenticate(login: string, password: string, c?: Context): Promise<AccountRecord | null> {
      // What is no login is looked up as well, and found nowhere: one look-up and one hash, whatever was typed.
      const found = await stores.accounts.byLogin(normaliseLogin(login) ?? '');
      const matches = await passwords.verify(found?.passwordHash ?? '', password);
      if (found === null || !matches || found.disabled) {
        c?.kernel.emit('account.sign_in_failed', {
          ...asked(c),
          ...(found === null ? undefined : { account: found.id }),
        });
        return null;
      }
      return passwords.needsRehash(found.passwordHash) ? await upgraded(found, password) : found;
    },

    async rename(id: string, typed: string): Promise<NameChange> {
      const name = normaliseName(typed);
      const fault = nameFault(name);
      if (fault !== null) return fault;
      const account = await stores.accounts.byId(id);
      if (account === null) return 'unknown-account';
      if (account.name === name) return 'unchanged';
      return (await stores.accounts.update(id, account.version, { name })) ? 'changed' : 'conflict';
    },

    async setRoles(id: string, wanted: readonly string[], told: PrivilegesChanged, c?: Context): Promise<RoleChange> {
      if (!wanted.every((role) => roles.includes(role))) return 'unknown-role';
      const result = await changeRoles(stores, administrator, id, [...new Set(wanted)], told);
      if (result === 'changed' && c !== undefined)
        c.kernel.emit('account.roles_changed', { ...asked(c), account: id, roles: wanted });
      return result;
    },

    async disable(id: string, told: AccountDisabled, c?: Context): Promise<DisableChange> {
      const result = await disableAccount(stores, administrator, id, told);
      if (result === 'changed') c?.kernel.emit('account.disabled', { ...asked(c), account: id });
      return result;
    },

    async enable(id: string, c?: Context): Promise<EnableChange> {
      const result = await enableAccount(stores, id);
      if (result === 'changed') c?.kernel.emit('account.enabled', { ...asked(c), account: id });
      return result;
    },
  });

  /** Only here is the password at hand. Where it cannot be done now, the next sign-in tries again. */
  async function upgraded(found: AccountRecord, password: string): Promise<AccountRecord> {
    if (passwords.fault(password) !== null) return found;
    const passwordHash = await passwords.hash(password).catch(() => null);
    if (passwordHash === null || !(await stores.accounts.update(found.id, found.version, { passwordHash })))
      return found;
    return { ...found, passwordHash, version: found.version + 1 };
  }
}

function faultsOf(login: string | null, name: string, password: PasswordFault | null): InputFault[] {
  const faults: InputFault[] = [];
  if (login === null) faults.push({ field: 'login', wrong: 'not-an-address' });
  const wrong = nameFault(name);
  if (wrong !== null) faults.push({ field: 'name', wrong });
  if (password !== null) faults.push({ field: 'password', wrong: password });
  return faults;
}

function asked(c: Context): { readonly request: string; readonly client: string } {
  return { request: c.facts.id, client: c.facts.client.ip };
}
