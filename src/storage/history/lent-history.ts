/** History read on connections that a ledger lends for one reading each. */
import type { HistoryReads, HistoryScope, RecordedEventsQuery } from '../../stockroom/history-reads.ts';
import type { HistoryPosition } from '../../core/index.ts';
import type { ReservationQuery } from '../../stockroom/queries.ts';

/** Reads on a connection of its own, and takes it back when the reading ends, however it ends. */
export type Lend = <T>(read: (history: HistoryReads) => AsyncIterable<T>) => AsyncIterable<T>;

export class LentHistory implements HistoryReads {
  readonly #lend: Lend;

  constructor(lend: Lend) {
    this.#lend = lend;
  }

  events(query: RecordedEventsQuery) {
    return this.#lend((history) => history.events(query));
  }

  async end() {
    return await this.#once(async (history) => await history.end());
  }

  records(upTo: HistoryPosition) {
    return this.#lend((history) => history.records(upTo));
  }

  async labelsAt(ids: readonly number[], moment: number) {
    return await this.#once(async (history) => await history.labelsAt(ids, moment));
  }

  async orderAt(id: number, moment: number) {
    return await this.#once(async (history) => await history.orderAt(id, moment));
  }

  reservationsAt(query: ReservationQuery, moment: number) {
    return this.#lend((history) => history.reservationsAt(query, moment));
  }

  problems(scope?: HistoryScope) {
    return this.#lend((history) => history.problems(scope));
  }

  async #once<T>(read: (history: HistoryReads) => Promise<T>): Promise<T> {
    const reading = this.#lend(async function* (history) {
      yield await read(history);
    });
    for await (const value of reading) return value;
    throw new Error('a reading gave nothing');
  }
}
