/** A fresh store with the small warehouse in it, for each test. */
import { afterEach, beforeEach } from 'vitest';
import type { EventDocument, Stockroom } from '../../src/stockroom/stockroom.ts';
import type { Backend, MakeBackend, ScriptedClock } from '../support/backends.ts';
import { seed, type Stock, WAREHOUSE } from '../support/warehouse.ts';

export interface Setting {
  readonly backend: Backend;
  readonly clock: ScriptedClock;
  readonly room: Stockroom;
  events(of: { readonly label: string } | { readonly order: string }): Promise<readonly EventDocument[]>;
}

/** Gives the running test's own store. */
export function useStore(make: MakeBackend, stock: Stock = WAREHOUSE): () => Setting {
  let setting: Setting | undefined;
  beforeEach(async () => {
    const backend = await make();
    const room = await backend.open();
    await seed(room, stock);
    setting = {
      backend,
      room,
      clock: backend.clock,
      events: async (of) => {
        const [kind, name] = 'label' in of ? (['label', of.label] as const) : (['order', of.order] as const);
        const view = await room.show({ kind, name });
        if (view.kind === 'refused') throw new Error(`no ${kind} ${name}`);
        return view.events;
      },
    };
  });
  afterEach(async () => {
    await setting?.backend.close();
    setting = undefined;
  });
  return () => {
    if (setting === undefined) throw new Error('a store is there only while a test runs');
    return setting;
  };
}
