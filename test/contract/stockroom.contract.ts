/**
 * What every Stockroom must do, whatever it stands on. A backend joins with one line:
 * `stockroomContract('sqlite', sqliteBackend)`.
 */
import { describe } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { importContract } from './import.contract.ts';
import { killedImportContract } from './killed-import.contract.ts';
import { listsContract } from './lists.contract.ts';
import { nightsContract } from './nights.contract.ts';
import { operationsContract } from './operations.contract.ts';
import { historyContract } from './history.contract.ts';
import { outcomesContract } from './outcomes.contract.ts';
import { refusedRowsContract } from './refused-rows.contract.ts';
import { showContract } from './show.contract.ts';
import { suggestContract } from './suggest.contract.ts';
import { verbsContract } from './verbs.contract.ts';

export function stockroomContract(name: string, make: MakeBackend): void {
  describe(`Stockroom on ${name}`, () => {
    outcomesContract(make);
    describe('operations', () => operationsContract(make));
    describe('the verbs', () => verbsContract(make));
    describe('history', () => historyContract(make));
    describe('show', () => showContract(make));
    describe('lists', () => listsContract(make));
    describe('suggest', () => suggestContract(make));
    describe('import', () => importContract(make));
    describe('an import refuses', () => refusedRowsContract(make));
    describe('nights', () => nightsContract(make));
    describe('an import', () => killedImportContract(make));
  });
}
