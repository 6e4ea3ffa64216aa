/** Replacing customers' names by others that tell them apart and say nothing more. */
import type { DiagnoseAnswer } from '../core/index.ts';
import type { BundleTable, BundleValue } from './diagnosis-store.ts';

export class Hider {
  readonly #names = new Map<string, string>();

  /**
   * `customers` are the names with a number each. The number is of the ledger and not of the name, so the name can't be
   * told from it; and it is the same in every bundle of the ledger.
   */
  constructor(customers: ReadonlyMap<string, number>) {
    for (const [name, number] of customers) this.#names.set(name, `Customer ${number}`);
  }

  /** The columns that hold names, or texts in which people may have written them. */
  table({ table, columns, rows }: BundleTable): BundleTable {
    const hide = (column: string | undefined): ((value: BundleValue) => BundleValue) => {
      if (table === 'orders' && column === 'customer') return (value) => this.#name(value);
      if (table === 'events' && (column === 'before' || column === 'after'))
        return (value) => this.#fields(value);
      if (table === 'operations' && column === 'reason') return (value) => this.#text(value);
      return (value) => value;
    };
    const each = columns.map(hide);
    return { table, columns, rows: rows.map((row) => row.map((value, at) => each[at]?.(value) ?? null)) };
  }

  diagnosis(answer: DiagnoseAnswer): DiagnoseAnswer {
    const findings = answer.findings.map((finding) => ({
      ...finding,
      message: this.#inBrackets(finding.message),
      facts: Object.fromEntries(
        Object.entries(finding.facts).map(([name, value]) => [
          name,
          typeof value === 'string' ? this.#whole(value) : value,
        ]),
      ),
      short: finding.short.map((line) => ({
        ...line,
        customer: line.customer === null ? null : this.#whole(line.customer),
      })),
      repair: finding.repair.map((step) => {
        if (step.do !== 'put_back' || step.said['customer'] === undefined) return step;
        const [found, said] = [step.found, step.said].map((fields) => {
          return { ...fields, customer: this.#name(fields['customer'] ?? null) };
        });
        return { ...step, found: found ?? {}, said: said ?? {} };
      }),
    }));
    return { ...answer, findings };
  }

  #name(value: BundleValue): BundleValue {
    return typeof value === 'string' ? this.#whole(value) : value;
  }

  #whole(value: string): string {
    return this.#names.get(value) ?? value;
  }

  /** An event's fields; a name that no order has any more is replaced, too. */
  #fields(value: BundleValue): BundleValue {
    if (typeof value !== 'string') return value;
    const fields = JSON.parse(value) as Record<string, BundleValue>;
    const { customer } = fields;
    if (typeof customer !== 'string') return value;
    return JSON.stringify({ ...fields, customer: this.#names.get(customer) ?? 'a former customer' });
  }

  /** Sentences name a customer in brackets behind the order. */
  #inBrackets(message: string): string {
    let hidden = message;
    for (const [name, other] of this.#names) hidden = hidden.replaceAll(`(${name})`, `(${other})`);
    return hidden;
  }

  /** Whole words of what somebody wrote. */
  #text(value: BundleValue): BundleValue {
    if (typeof value !== 'string') return value;
    let hidden = value;
    for (const [name, other] of this.#names) {
      const words = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'giu');
      hidden = hidden.replace(words, other);
    }
    return hidden;
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
