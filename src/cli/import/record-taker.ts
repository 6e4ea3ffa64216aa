import type { Reading } from '../../core/index.ts';
import type { ImportKind } from '../../core/index.ts';
import { type RowReader, rowReader } from '../../core/index.ts';
import type { ImportedRow, RowSink } from './batch.ts';

/** Reads one record into its rows, or reports what is wrong with it. */
export type RecordTaker = (cells: readonly unknown[], line: number) => void;

/** Prepares what reads every record with these columns: one row for each reading, so two for a join. */
export function recordTaker(
  readings: readonly Reading[],
  headers: readonly string[],
  sink: RowSink,
): RecordTaker {
  const takers = readings.map((reading) => readingTaker(reading.kind, rowReader(reading, headers), sink));
  const [only] = takers;
  if (only !== undefined && takers.length === 1) return only;
  return (cells, line) => {
    for (const take of takers) take(cells, line);
  };
}

function readingTaker<K extends ImportKind>(kind: K, read: RowReader<K>, sink: RowSink): RecordTaker {
  const { file } = sink;
  return (cells, line) => {
    const result = read(cells);
    if ('problems' in result) {
      for (const { column, reason } of result.problems) sink.refuse(line, column, reason);
    } else {
      // The reader of a kind gives that kind's row, which a type can't say once the kinds are a union.
      sink.add({ kind, origin: { file, row: line }, row: result.row } as ImportedRow);
    }
  };
}
