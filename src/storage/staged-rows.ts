/**
 * Rows of an import on their way in. They are kept in a private temporary database, which SQLite spills to disk and
 * removes with its connection or the process; so a file of millions of rows needs little memory.
 */
import { createHash, type Hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { IMPORT_KINDS, type ImportKind, type ImportRows, ROW_KEY, type Staged } from '../core/index.ts';
import type { StagedRows } from '../stockroom/import-store.ts';
import { nativeAddonPath } from './sqlite/native-addon.ts';

interface StagedRecord {
  readonly file: number;
  readonly row: number;
  readonly data: string;
}

const CACHE_KIB = 32 * 1024;

export class TemporaryStage implements StagedRows {
  readonly #db: Database.Database;
  readonly #digest: Hash = createHash('sha256');
  readonly #files: string[] = [];
  readonly #fileIds = new Map<string, number>();
  readonly #counts: Record<ImportKind, number> = { items: 0, labels: 0, orders: 0, lines: 0 };
  readonly #statements: Record<ImportKind, ReturnType<typeof statementsFor>>;
  readonly #addCode: Database.Statement<[string, number]>;

  constructor() {
    // An empty name is a temporary file of SQLite's own.
    this.#db = new Database('', { nativeBinding: nativeAddonPath() });
    this.#db.exec(`pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -${CACHE_KIB}`);
    for (const kind of IMPORT_KINDS) {
      this.#db.exec(`create table ${kind} (
        position integer primary key, key text not null unique, file integer not null, row integer not null,
        data text not null) strict`);
    }
    this.#db.exec('create table codes (code text not null, position integer not null) strict; begin');
    const statements = IMPORT_KINDS.map((kind) => [kind, statementsFor(this.#db, kind)] as const);
    this.#statements = Object.fromEntries(statements) as Record<ImportKind, ReturnType<typeof statementsFor>>;
    this.#addCode = this.#db.prepare('insert into codes values (?, ?)');
  }

  add<K extends ImportKind>(
    kind: K,
    staged: Staged<ImportRows[K]>,
  ): { earlier: Staged<ImportRows[K]> } | undefined {
    const { row, origin } = staged;
    const key = (ROW_KEY[kind] as (row: ImportRows[K]) => string)(row);
    const data = JSON.stringify(row);
    const { add, byKey } = this.#statements[kind];
    const position = this.#counts[kind] + 1;
    const { changes } = add.run(position, key, this.#fileId(origin.file), origin.row, data);
    if (changes === 0) {
      const earlier = byKey.get(key);
      if (earlier === undefined || saysTheSame(earlier.data, data)) return undefined;
      return { earlier: this.#staged(earlier) };
    }
    this.#counts[kind] = position;
    this.#digest.update(`${kind}\n${data}\n`);
    if (kind === 'labels') {
      const { code, number } = row as ImportRows['labels'];
      if (code !== undefined && code !== null && code !== number) this.#addCode.run(code, position);
    }
    return undefined;
  }

  count(kind: ImportKind): number {
    return this.#counts[kind];
  }

  get<K extends ImportKind>(kind: K, key: string): ImportRows[K] | undefined {
    const found = this.#statements[kind].byKey.get(key);
    return found === undefined ? undefined : (JSON.parse(found.data) as ImportRows[K]);
  }

  read<K extends ImportKind>(kind: K, after: number, limit: number): Staged<ImportRows[K]>[] {
    return this.#statements[kind].page.all(after, limit).map((record) => this.#staged<ImportRows[K]>(record));
  }

  codeClashes(limit: number): { code: string; rows: Staged<ImportRows['labels']>[] }[] {
    this.#db.exec('create index if not exists codes_code on codes (code)');
    const twice = `select code from codes group by code having count(*) > 1`;
    const named = `select code from codes join labels on labels.key = codes.code`;
    const codes = this.#db
      .prepare<[number], string>(`${twice} union ${named} order by 1 limit ?`)
      .pluck()
      .all(limit);
    const rows = this.#db.prepare<[string, string], StagedRecord>(`
      select file, row, data from labels
      where position in (select position from codes where code = ?) or key = ? order by position`);
    return codes.map((code) => ({ code, rows: rows.all(code, code).map((record) => this.#staged(record)) }));
  }

  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  close(): void {
    this.#db.close();
  }

  #staged<R>({ file, row, data }: StagedRecord): Staged<R> {
    return { origin: { file: this.#files[file] ?? '', row }, row: JSON.parse(data) as R };
  }

  #fileId(file: string): number {
    const known = this.#fileIds.get(file);
    if (known !== undefined) return known;
    this.#fileIds.set(file, this.#files.length);
    return this.#files.push(file) - 1;
  }
}

/** Files may have their columns in different orders. */
function saysTheSame(a: string, b: string): boolean {
  return a === b || isDeepStrictEqual(JSON.parse(a), JSON.parse(b));
}

function statementsFor(db: Database.Database, kind: ImportKind) {
  return {
    add: db.prepare<[number, string, number, number, string]>(
      `insert into ${kind} values (?, ?, ?, ?, ?) on conflict (key) do nothing`,
    ),
    byKey: db.prepare<[string], StagedRecord>(`select file, row, data from ${kind} where key = ?`),
    page: db.prepare<[number, number], StagedRecord>(
      `select file, row, data from ${kind} where position > ? order by position limit ?`,
    ),
  };
}
