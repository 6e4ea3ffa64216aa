/**
 * What every Stockroom must do, whatever it stands on. A backend joins with one line:
 * `stockroomContract('sqlite', sqliteBackend)`.
 */
import { describe } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { asOfContract } from './as-of.contract.ts';
import { brokenRowsContract } from './broken-rows.contract.ts';
import { bundleContract } from './bundle.contract.ts';
import { diagnoseContract } from './diagnose.contract.ts';
import { digestContract } from './digest.contract.ts';
import { importContract } from './import.contract.ts';
import { insteadContract } from './instead.contract.ts';
import { killedImportContract } from './killed-import.contract.ts';
import { listsContract } from './lists.contract.ts';
import { nightsContract } from './nights.contract.ts';
import { operationsContract } from './operations.contract.ts';
import { historyContract } from './history.contract.ts';
import { outcomesContract } from './outcomes.contract.ts';
import { pagesContract } from './pages.contract.ts';
import { refusedRowsContract } from './refused-rows.contract.ts';
import { showContract } from './show.contract.ts';
import { suggestContract } from './suggest.contract.ts';
import { tamperedContract } from './tampered.contract.ts';
import { toldContract } from './told.contract.ts';
import { verbsContract } from './verbs.contract.ts';
import { wayBackContract } from './way-back.contract.ts';

/** `histories` says how many random histories are compared with what was true at each of their moments. */
export function stockroomContract(name: string, make: MakeBackend, { histories = 1 } = {}): void {
  describe(`Stockroom on ${name}`, () => {
    outcomesContract(make);
    describe('operations', () => operationsContract(make));
    describe('the verbs', () => verbsContract(make));
    describe('the way back', () => wayBackContract(make));
    describe('diagnose', () => diagnoseContract(make));
    describe('rows changed by hand', () => brokenRowsContract(make));
    describe('a bundle', () => bundleContract(make));
    describe('history', () => historyContract(make));
    describe('history as it is read', () => toldContract(make));
    describe('as of a moment', () => asOfContract(make, histories));
    describe('a digest', () => digestContract(make));
    describe('changed behind its back', () => tamperedContract(make));
    describe('in place of a label', () => insteadContract(make));
    describe('show', () => showContract(make));
    describe('lists', () => listsContract(make));
    describe('pages', () => pagesContract(make));
    describe('suggest', () => suggestContract(make));
    describe('import', () => importContract(make));
    describe('an import refuses', () => refusedRowsContract(make));
    describe('nights', () => nightsContract(make));
    describe('an import', () => killedImportContract(make));
  });
}
