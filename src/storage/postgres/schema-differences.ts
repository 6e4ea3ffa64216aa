/** What differs between the tables that are there and those that this earmark makes. */
import type { SchemaDifference } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { ask, begin, type Session } from './connection.ts';
import { sqlState } from './errors.ts';
import { makeTables } from './migrate.ts';

interface SchemaObject {
  /** Kind and name, and of which table. */
  readonly object: string;
  readonly table: string;
  readonly definition: string;
  /** False for an index or a constraint that does not guard what was there before it. */
  readonly valid: boolean;
  /** Whether it may refuse a row, or change one; what only makes somebody's query faster does neither. */
  readonly guards: boolean;
}

const OBJECTS = `
  with tables as (
    select oid, relname, relnamespace from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace)
  select 'table ' || t.relname as object, t.relname as table, string_agg(concat_ws(' ', a.attname,
      format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, a.attidentity,
      (select l.collname from pg_collation l where l.oid = a.attcollation)), ', ' order by a.attname) as definition,
    true as valid, true as guards
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped group by t.relname
  union all
  select 'constraint ' || c.conname || ' of ' || t.relname, t.relname,
    regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', ''), c.convalidated, true
  from tables t join pg_constraint c on c.conrelid = t.oid where c.contype in ('c', 'f', 'p', 'u', 'x')
  union all
  select 'index ' || i.relname || ' of ' || t.relname, t.relname,
    replace(pg_get_indexdef(i.oid), quote_ident(n.nspname) || '.', ''), x.indisvalid, x.indisunique
  from tables t join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
    join pg_namespace n on n.oid = t.relnamespace
  where not exists (select from pg_constraint c where c.conindid = i.oid and c.contype in ('p', 'u', 'x'))
  union all
  select 'trigger ' || g.tgname || ' of ' || t.relname, t.relname, pg_get_triggerdef(g.oid), true, true
  from tables t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal`;

export async function schemaDifferences(session: Session, deadline: number): Promise<SchemaDifference[]> {
  const there = new Map((await objects(session, deadline)).map((object) => [object.object, object]));
  const made = await objectsAsMade(session, deadline);
  const differences = made.flatMap(({ object, definition }): SchemaDifference[] => {
    const found = there.get(object);
    if (found === undefined) return [{ object, difference: 'missing' }];
    if (found.definition !== definition) return [{ object, difference: 'changed' }];
    return found.valid ? [] : [{ object, difference: 'not_valid' }];
  });
  const ours = new Set(made.map(({ object }) => object));
  const tables = new Set(made.map(({ table }) => table));
  const added = [...there.values()].filter(({ object, table, guards }) => {
    return guards && tables.has(table) && !ours.has(object);
  });
  return [...differences, ...added.map(({ object }): SchemaDifference => ({ object, difference: 'added' }))];
}

async function objects(session: Session, deadline: number): Promise<SchemaObject[]> {
  return (await ask<SchemaObject>(session, { text: OBJECTS }, deadline)).rows;
}

/** The tables are made in a schema that is never committed, which not everybody may. */
async function objectsAsMade(session: Session, deadline: number): Promise<SchemaObject[]> {
  const run = async (text: string) => await ask(session, { text }, deadline);
  await ask(session, begin(deadline), deadline);
  try {
    await run('create schema earmark_as_made');
    await run('set local search_path = earmark_as_made');
    await makeTables(session, deadline);
    return await objects(session, deadline);
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    throw new Fault('read_only', 'this user may make no schema to compare the tables with', { cause: error });
  } finally {
    await run('rollback');
  }
}
