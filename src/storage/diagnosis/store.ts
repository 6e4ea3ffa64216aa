/** What both databases read for a diagnosis in the same way; each adds what it knows of itself. */
import type { Kysely } from 'kysely';
import type { EndedOrderFacts, ItemFacts } from '../../core/index.ts';
import type { DiagnosisScope, DiagnosisStore } from '../../stockroom/diagnosis-store.ts';
import type { Schema } from '../schema.ts';
import { version } from '../../version.ts';
import { SCHEMA } from '../schema-version.ts';
import { bundleRows } from './bundle-rows.ts';
import { endedOrders } from './ended-orders.ts';
import { itemFacts } from './items.ts';
import { labelsOf } from './labels-of.ts';
import { latestOperation, ruleBreaches, unfinishedImports } from './rules.ts';

/** What a database says of itself, and of where it lies. */
export type OwnChecks = Pick<
  DiagnosisStore,
  'integrity' | 'lostReferences' | 'schemaDifferences' | 'place' | 'clock' | 'bundled' | 'close'
> & {
  /** The database's own version, and where it is. */
  settings(): Promise<Readonly<Record<string, string>>>;
};

/** `faulting` turns what the database throws into faults. */
export function diagnosisStore(
  db: Kysely<Schema>,
  own: OwnChecks,
  asFault: (error: unknown) => unknown,
): DiagnosisStore {
  const faulting = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw asFault(error);
    }
  };
  async function* faultingAll<T>(rows: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* rows;
    } catch (error) {
      throw asFault(error);
    }
  }
  return {
    items: (scope: DiagnosisScope | undefined, today: string): AsyncIterable<readonly ItemFacts[]> =>
      faultingAll(itemFacts(db, scope, today)),
    endedOrders: (scope: DiagnosisScope | undefined): AsyncIterable<readonly EndedOrderFacts[]> =>
      faultingAll(endedOrders(db, scope)),
    labelsOf: async (orders) => await faulting(async () => await labelsOf(db, orders)),
    ruleBreaches: async (scope) => await faulting(async () => await ruleBreaches(db, scope)),
    unfinishedImports: async () => await faulting(async () => await unfinishedImports(db)),
    latestOperation: async () => await faulting(async () => await latestOperation(db)),
    integrity: async () => await faulting(async () => await own.integrity()),
    lostReferences: async () => await faulting(async () => await own.lostReferences()),
    schemaDifferences: async () => await faulting(async () => await own.schemaDifferences()),
    place: async () => await own.place(),
    clock: async () => await faulting(async () => await own.clock()),
    bundled: async () => await faulting(async () => await own.bundled()),
    bundle: async (about) =>
      await faulting(async () => ({
        ...(await bundleRows(db, about)),
        settings: { ...(await own.settings()), ...ownSettings() },
      })),
    close: async () => await own.close(),
  };
}

function ownSettings(): Record<string, string> {
  const { version: node, platform, arch } = process;
  return { earmark: version, schema: String(SCHEMA), node, system: `${platform} ${arch}` };
}
