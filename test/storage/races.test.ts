import { racesContract } from '../contract/races.contract.ts';
import { sqliteBackend } from '../support/backends.ts';

racesContract(sqliteBackend, async ({ address }) => ({ ...address, path: `${address.path}.new` }));
