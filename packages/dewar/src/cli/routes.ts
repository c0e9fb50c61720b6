/**
 * `dewar routes`: the inventory of an application as production sees it, without starting it.
 * @module
 */
import { inspect, memoryStores } from '@dewar/core';
import { describeFaults } from './failure.ts';
import { inventoryOf, isFaulty } from './inventory.ts';
import { EXIT } from './io.ts';
import { jsonText } from './layout.ts';
import { CONFIG_OPTION, loadDewar } from './load.ts';
import { spareSecret } from './spare-secret.ts';
import { routeTable } from './table.ts';
import type { Command } from './usage.ts';

export const routes: Command = {
  name: 'routes',
  summary: 'lists every route with its rule of access',
  about: `Lists every route of the application: who may use it, what weakens it and why,
where it is declared. It is built in the production profile but never listens;
it needs no secret, and state is kept in memory.

Ends with 0 when every route is declared and nothing is wrong, 1 when a route is
undeclared or production would not start, 2 when the command line is wrong,
3 when the application could not be built.`,
  options: {
    config: CONFIG_OPTION,
    json: { type: 'boolean', help: 'prints JSON in place of a table' },
  },
  async run(values, io) {
    const dewar = await loadDewar(values['config'], io);
    const found = await inspect(dewar, {
      profile: 'production',
      events: [],
      stores: memoryStores(),
      ...spareSecret(dewar.policy, io.env),
    });
    const inventory = inventoryOf(dewar.policy, found);
    if (values['json'] === true) io.out(jsonText(inventory));
    else {
      io.out(routeTable(inventory, io));
      if (inventory.faults.length > 0) io.note(`dewar: faults of the policy\n${describeFaults(inventory.faults)}`);
    }
    return isFaulty(inventory) ? EXIT.found : EXIT.ok;
  },
};
