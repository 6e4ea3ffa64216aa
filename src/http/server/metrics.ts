/** What Prometheus reads (DESIGN section 8), in its text format 0.0.4. */
import type { StockCounts } from '../../stockroom/ledger.ts';

/** Upper bounds of the histogram's buckets, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Histogram {
  readonly counts: number[];
  sum: number;
}

type Labels = Readonly<Record<string, string>>;

export class Metrics {
  readonly #operations = new Map<string, number>();
  readonly #requests = new Map<string, number>();
  readonly #seconds = new Map<string, Histogram>();
  #inFlight = 0;

  /** An operation that came to an end: its outcome, or the fault that stopped it. */
  operation(verb: string, outcome: string): void {
    increase(this.#operations, labelled({ verb, outcome }));
  }

  begin(): void {
    this.#inFlight += 1;
  }

  end(method: string, route: string, status: number, seconds: number): void {
    this.#inFlight -= 1;
    increase(this.#requests, labelled({ method, route, status: String(status) }));
    const key = labelled({ method, route });
    const histogram = this.#seconds.get(key) ?? { counts: [...BUCKETS, 0].fill(0), sum: 0 };
    this.#seconds.set(key, histogram);
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    const at = bucket === -1 ? BUCKETS.length : bucket;
    histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
    histogram.sum += seconds;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  text(version: string, counts: StockCounts | undefined, now: number): string {
    return [
      ...family('earmark_info', 'gauge', 'The running version.', [`${labelled({ version })} 1`]),
      ...family(
        'earmark_operations_total',
        'counter',
        'Operations by verb and outcome.',
        lines(this.#operations),
      ),
      ...family(
        'earmark_http_requests_total',
        'counter',
        'Requests by route and status.',
        lines(this.#requests),
      ),
      ...family('earmark_http_requests_in_flight', 'gauge', 'Requests under way.', [` ${this.#inFlight}`]),
      ...this.#histograms(),
      ...(counts === undefined ? [] : stock(counts, now)),
      '',
    ].join('\n');
  }

  #histograms(): string[] {
    const name = 'earmark_http_request_duration_seconds';
    const rows = [...this.#seconds].flatMap(([key, { counts, sum }]) => {
      const bare = key.slice(0, -1);
      let total = 0;
      const buckets = [...BUCKETS, '+Inf'].map((bound, at) => {
        total += counts[at] ?? 0;
        return `${name}_bucket${bare},le="${bound}"} ${total}`;
      });
      return [...buckets, `${name}_sum${key} ${sum}`, `${name}_count${key} ${total}`];
    });
    return [...head(name, 'histogram', 'How long requests took, by route.'), ...rows];
  }
}

function stock({ oldestReservation, ...counts }: StockCounts, now: number): string[] {
  const byStatus = Object.entries(counts).map(([status, count]) => `${labelled({ status })} ${count}`);
  const age = oldestReservation === null ? 0 : Math.max(0, now - oldestReservation) / 1000;
  return [
    ...family('earmark_labels', 'gauge', 'Labels by status.', byStatus),
    ...family(
      'earmark_oldest_reservation_age_seconds',
      'gauge',
      'Since when the longest held label is held; 0 without any.',
      [` ${age}`],
    ),
  ];
}

function increase(counter: Map<string, number>, key: string): void {
  counter.set(key, (counter.get(key) ?? 0) + 1);
}

function lines(counter: ReadonlyMap<string, number>): string[] {
  return [...counter].map(([key, count]) => `${key} ${count}`);
}

function labelled(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '\\$&')}"`,
  );
  return `{${parts.join(',')}}`;
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function family(name: string, type: string, help: string, rows: readonly string[]): string[] {
  return [...head(name, type, help), ...rows.map((row) => name + row)];
}
