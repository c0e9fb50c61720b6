/**
 * Accounts: passwords by argon2id, registration, sign-in and roles, over any account store.
 * @module
 */
import './events.ts';

export { createAccounts } from './accounts.ts';
export type { Accounts, AccountsOptions, InputFault, NameChange, Registration, RegistrationInput } from './accounts.ts';
export type { AccountDisabled, DisableChange, EnableChange } from './disabling.ts';
export type { NameFault } from './names.ts';
export type { PrivilegesChanged, RoleChange } from './roles.ts';
export { normaliseLogin, LOGIN_MOST } from './login.ts';
export { createPasswords, passwordFault } from './passwords.ts';
export type { PasswordFault, Passwords } from './passwords.ts';
export { checkPasswords, passwordsDefaults } from './policy.ts';
export type { PasswordsOptions } from './policy.ts';
