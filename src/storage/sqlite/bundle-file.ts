/** A bundle as a SQLite file of its own: the same schema, and besides what was found and where the data was. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '../../stockroom/fault.ts';
import type { Bundle } from '../../stockroom/bundle.ts';
import type { BundleTable } from '../../stockroom/diagnosis-store.ts';
import { initSqliteLedger } from './ledger.ts';
import { nativeAddonPath } from './native-addon.ts';

const EXTRA = `
  create table bundle_about (kind text not null, name text not null, primary key (kind, name)) strict;
  create table bundle_settings (name text primary key, value text not null) strict;
  create table bundle_checks (
    name text primary key, severity text not null, result text not null, findings integer not null, reason text) strict;
  create table bundle_findings (
    place integer primary key, name text not null, severity text not null, message text not null, document text not null) strict;`;

export interface BundleFileOptions {
  readonly overwrite: boolean;
  readonly allowNetwork: boolean;
  /** Milliseconds, UTC. */
  readonly deadline: number;
}

/** Writes the file beside its place first, so that a half one is never found there. Gives how many bytes it has. */
export async function writeBundle(
  path: string,
  bundle: Bundle,
  settings: Readonly<Record<string, string>>,
  options: BundleFileOptions,
): Promise<void> {
  if (existsSync(path) && !options.overwrite) {
    throw new Fault('input', `${path} is there already; --force writes it anew`);
  }
  const unfinished = `${path}.unfinished`;
  removeFile(unfinished);
  try {
    await initSqliteLedger(unfinished, options);
    fill(unfinished, bundle, { ...bundle.settings, ...settings });
    removeFile(path);
    renameSync(unfinished, path);
  } catch (error) {
    removeFile(unfinished);
    throw error;
  }
}

function fill(path: string, bundle: Bundle, settings: Readonly<Record<string, string>>): void {
  const db = new Database(path, { nativeBinding: nativeAddonPath() });
  try {
    // Rows that are wrong are just what somebody wants to see.
    db.pragma('foreign_keys = off');
    db.pragma('ignore_check_constraints = on');
    db.transaction(() => {
      for (const table of bundle.tables) insert(db, table);
      db.exec(EXTRA);
      writeExtra(db, bundle, settings);
    })();
    // One file that can be sent, without a log beside it.
    db.pragma('journal_mode = delete');
  } finally {
    db.close();
  }
}

function insert(db: Database.Database, { table, columns, rows }: BundleTable): void {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const statement = db.prepare(
    `insert into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of rows) statement.run(...row);
}

function writeExtra(
  db: Database.Database,
  { about, diagnosis }: Bundle,
  settings: Readonly<Record<string, string>>,
): void {
  const aboutRow = db.prepare('insert into bundle_about values (?, ?)');
  for (const order of about.orders) aboutRow.run('order', order);
  for (const label of about.labels) aboutRow.run('label', label);
  const setting = db.prepare('insert into bundle_settings values (?, ?)');
  for (const [name, value] of Object.entries(settings)) setting.run(name, value);
  const check = db.prepare('insert into bundle_checks values (?, ?, ?, ?, ?)');
  for (const { check: name, severity, result, findings, reason } of diagnosis.checks) {
    check.run(name, severity, result, findings, reason);
  }
  const finding = db.prepare(
    'insert into bundle_findings (name, severity, message, document) values (?, ?, ?, ?)',
  );
  for (const each of diagnosis.findings) {
    finding.run(each.check, each.severity, each.message, JSON.stringify(each));
  }
}

function removeFile(path: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${part}`, { force: true });
}
