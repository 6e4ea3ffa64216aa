/** What `diagnose` finds in stock that only earmark has touched, and what its fix and the way back do. */
import { describe, expect, it } from 'vitest';
import type { CheckName, DiagnoseAnswer, FindingDocument } from '../../src/core/index.ts';
import type { DiagnoseQuery, Ref } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent } from '../support/warehouse.ts';
import { standing } from './standing.ts';
import { useStore } from './setting.ts';

const DAY = 24 * 3_600_000;
const STALE = 14 * DAY;

export function diagnoseContract(make: MakeBackend): void {
  const setting = useStore(make);
  const diagnose = async (query: Partial<DiagnoseQuery> = {}): Promise<DiagnoseAnswer> => {
    return await setting().room.diagnose({ stale: STALE, operation: 'seen', ...query });
  };
  /** The findings of the check, each as the parts that tell it from others. */
  const found = async (check: CheckName, refs?: readonly Ref[]) => {
    const { findings } = await diagnose(refs === undefined ? {} : { refs });
    return findings.filter((finding) => finding.check === check).map(brief);
  };
  const brief = ({ thing, labels, short, fix, undo }: FindingDocument) => ({
    at: [thing.order, thing.line, thing.label].filter((part) => part !== null).join('/'),
    labels: labels.map(({ label }) => label),
    short: short.map(({ order, line, covered }) => `${order}/${line} ${covered}`),
    fix,
    undo,
  });
  const reserve = async (order: string, labels: readonly string[], line?: number) => {
    const answer = await setting().room.reserve(
      { order, labels, ...(line === undefined ? {} : { line }) },
      intent({ operation: `for-${order}-${labels.join('-')}` }),
    );
    expect(answer.code).toBe('reserved');
  };
  const end = async (order: string) => {
    await bring(setting().room, { orders: [{ number: order, status: 'cancelled' }] });
  };

  it('finds nothing in a healthy warehouse, and says so of every check', async () => {
    const { healthy, problems, notices, findings, checks } = await diagnose();
    expect({ healthy, problems, notices, findings }).toEqual({
      healthy: true,
      problems: 0,
      notices: 0,
      findings: [],
    });
    expect(checks.map(({ result }) => result)).not.toContain('found');
    expect(checks.length).toBeGreaterThan(15);
  });

  it('finds nothing where stock is held as it should be', async () => {
    await reserve('SO-2', ['L-3', 'P-1']);
    const { healthy, findings } = await diagnose();
    expect(healthy).toBe(true);
    expect(findings.map(({ check }) => check)).toEqual(['surplus']);
  });

  describe('finds', () => {
    it('what an order holds that was ended by an import, and who ended it', async () => {
      await reserve('SO-2', ['L-3', 'P-1']);
      await end('SO-2');
      const [finding] = (await diagnose()).findings;
      expect(finding).toMatchObject({
        check: 'ended-order-holds',
        severity: 'problem',
        thing: { order: 'SO-2' },
        message: 'SO-2 (Bolt & Co) is cancelled and still holds 2 labels',
        facts: { by: 'nightly', verb: 'import', endedAt: setting().clock.iso() },
        fix: 'earmark unreserve --order SO-2 --operation-id seen/1',
        undo: 'earmark undo seen/1',
      });
      expect(finding?.labels).toMatchObject([
        { label: 'L-3', line: 1, by: 'dana', operation: 'for-SO-2-L-3-P-1', quantity: 30 },
        { label: 'P-1', line: 2 },
      ]);
    });

    it('a label that a line can do without, and the orders that it would cover', async () => {
      await reserve('SO-2', ['L-2', 'L-3']);
      expect(await found('surplus-needed')).toEqual([
        {
          at: 'SO-2/1',
          labels: ['L-2'],
          short: ['SO-3/1 10', 'SO-3/2 20'],
          fix: 'earmark unreserve L-2 --expect-order SO-2 --operation-id seen/1',
          undo: 'earmark undo seen/1',
        },
      ]);
      const [finding] = (await diagnose()).findings;
      expect(finding?.facts).toEqual({ shortLines: 3, missing: 150, free: 100 });
    });

    it('no label that a line can do without, where the rest would not cover it', async () => {
      await reserve('SO-2', ['L-1']);
      expect(await found('surplus-needed')).toEqual([]);
      expect(await found('surplus')).toMatchObject([{ at: 'SO-2/1', labels: [], fix: null }]);
    });

    it('what is too much on one line of an order, while another line of it is short', async () => {
      await reserve('SO-3', ['L-3', 'L-2'], 1);
      expect(await found('surplus-needed')).toMatchObject([{ at: 'SO-3/1', labels: ['L-2'] }]);
      await setting().room.transfer({ labels: ['L-2'], to: { order: 'SO-3', line: 2 } }, intent());
      expect(await found('surplus-needed')).toEqual([]);
    });

    it('what an order holds on which nothing happened for long, while another is short', async () => {
      await reserve('SO-2', ['L-3']);
      expect(await found('stale-needed')).toEqual([]);
      setting().clock.move(STALE + 1);
      expect(await found('stale-needed')).toMatchObject([
        { at: 'SO-2/1', labels: ['L-3'], short: ['SO-3/1 10', 'SO-3/2 20'] },
      ]);
      const patient = await diagnose({ stale: STALE + 2 * DAY, checks: ['stale-needed', 'stale-held'] });
      expect(patient.findings).toEqual([]);
      await bring(setting().room, { orders: [{ number: 'SO-2', due: '2026-12-24' }] });
      expect(await found('stale-needed')).toEqual([]);
    });

    it('what is forgotten, and hurts nobody', async () => {
      await reserve('SO-2', ['P-1']);
      await reserve('SO-7', ['P-2']);
      setting().clock.move(STALE + 1);
      expect(await found('stale-needed')).toEqual([]);
      expect(await found('stale-held')).toMatchObject([{ at: 'SO-2/2', labels: ['P-1'] }]);
    });

    it('labels past their expiry that are held', async () => {
      await reserve('SO-2', ['P-1', 'P-3']);
      expect(await found('expired-held')).toEqual([
        {
          at: 'SO-2/2',
          labels: ['P-3'],
          short: [],
          fix: 'earmark unreserve P-3 --expect-order SO-2 --operation-id seen/1',
          undo: 'earmark undo seen/1',
        },
      ]);
    });

    it('orders past due that others could cover, and how', async () => {
      await bring(setting().room, { orders: [{ number: 'SO-3', due: '2026-11-22' }] });
      await reserve('SO-2', ['L-2', 'L-3']);
      await reserve('SO-1', ['L-1']);
      expect(await found('past-due-coverable')).toEqual([
        {
          at: 'SO-3/1',
          labels: ['L-2'],
          short: ['SO-3/1 10'],
          fix: 'earmark transfer L-2 --to SO-3:1 --operation-id seen/2',
          undo: 'earmark undo seen/2',
        },
      ]);
      // Free stock is nearer than what others hold.
      await setting().room.unreserve({ target: { labels: ['L-1'] } }, intent());
      expect(await found('past-due-coverable')).toMatchObject([
        { fix: 'earmark reserve SO-3 --line 1 --auto --operation-id seen/2' },
      ]);
    });

    it('nothing for an order that is due today', async () => {
      await bring(setting().room, { orders: [{ number: 'SO-3', due: '2026-11-23' }] });
      await reserve('SO-2', ['L-2', 'L-3']);
      expect(await found('past-due-coverable')).toEqual([]);
    });

    it('what is held for a line that is shipped in full', async () => {
      await reserve('SO-7', ['P-1']);
      await reserve('SO-2', ['P-2']);
      await bring(setting().room, { lines: [{ order: 'SO-7', line: 2, shipped: 12.5 }] });
      expect(await found('shipped-line-holds')).toMatchObject([
        {
          at: 'SO-7/2',
          labels: ['P-1'],
          fix: 'earmark unreserve P-1 --expect-order SO-7 --operation-id seen/1',
        },
      ]);
      expect((await diagnose()).healthy).toBe(true);
    });

    it('a clock that is behind history', async () => {
      await reserve('SO-2', ['L-3']);
      expect(await found('clock')).toEqual([]);
      setting().clock.move(-4 * 60_000);
      expect(await found('clock')).toEqual([]);
      setting().clock.move(-2 * DAY);
      const { findings } = await diagnose({ checks: ['clock'] });
      expect(findings.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('operation for-SO-2-L-3 is 2 days in the future'),
      );
    });
  });

  describe('of what is named', () => {
    it('tells what concerns it, and what competes with it', async () => {
      await reserve('SO-2', ['L-2', 'L-3', 'P-3']);
      const about = async (ref: Ref) => {
        const { findings } = await diagnose({ refs: [ref] });
        return findings.map(({ check, thing }) => `${check} ${thing.order}/${thing.line}`);
      };
      const surplus = 'surplus-needed SO-2/1';
      const expired = 'expired-held SO-2/2';
      expect(await about({ kind: 'order', name: 'SO-2' })).toEqual([surplus, expired]);
      expect(await about({ name: 'SO-3' })).toEqual([surplus]);
      expect(await about({ kind: 'label', name: 'P-3' })).toEqual([expired]);
      expect(await about({ name: 'L-2' })).toEqual([surplus]);
      expect(await about({ name: 'SO-7' })).toEqual([]);
    });

    it('tells of ended orders that hold what a named order needs', async () => {
      await reserve('SO-2', ['L-3']);
      await end('SO-2');
      const about = async (name: string) =>
        (await found('ended-order-holds', [{ name }])).map(({ at }) => at);
      expect(await about('SO-3')).toEqual(['SO-2']);
      expect(await about('L-3')).toEqual(['SO-2']);
      expect(await about('SO-2')).toEqual(['SO-2']);
      expect(await about('L-1')).toEqual([]);
      // It needs paint only.
      expect(await about('SO-7')).toEqual([]);
    });

    it('puts the named order before those due first', async () => {
      await reserve('SO-2', ['L-2', 'L-3']);
      await bring(setting().room, { lines: [{ order: 'SO-1', line: 1, ordered: 40 }] });
      expect(await found('surplus-needed')).toMatchObject([{ short: ['SO-1/1 40', 'SO-3/1 10'] }]);
      expect(await found('surplus-needed', [{ name: 'SO-3' }])).toMatchObject([
        { short: ['SO-3/1 10', 'SO-3/2 20'] },
      ]);
    });

    it('refuses names that nothing has', async () => {
      expect(await diagnose({ refs: [{ name: 'SO-99' }] })).toMatchObject({
        healthy: false,
        refusal: { code: 'ref_not_found', ref: 'SO-99' },
        findings: [],
      });
      expect(await diagnose({ refs: [{ kind: 'order', name: 'so-1' }] })).toMatchObject({
        refusal: { code: 'order_not_found', near: ['SO-1'] },
      });
      expect(await diagnose({ refs: [{ kind: 'label', name: 'L-99' }] })).toMatchObject({
        refusal: { code: 'label_not_found', label: 'L-99' },
      });
      await bring(setting().room, { orders: [{ number: 'L-1' }] });
      expect(await diagnose({ refs: [{ name: 'L-1' }] })).toMatchObject({
        refusal: { code: 'ref_ambiguous', ref: 'L-1', kinds: ['order', 'label'] },
      });
    });

    it('makes only the checks that are named', async () => {
      await reserve('SO-2', ['L-2', 'L-3', 'P-3']);
      const { checks, findings } = await diagnose({ checks: ['expired-held', 'clock'] });
      expect(checks.map(({ check, result }) => [check, result])).toEqual([
        ['expired-held', 'found'],
        ['clock', 'passed'],
      ]);
      expect(findings.map(({ check }) => check)).toEqual(['expired-held']);
    });
  });

  describe('the fix', () => {
    const messUp = async () => {
      await reserve('SO-2', ['L-2', 'L-3', 'P-3']);
      await reserve('SO-3', ['L-1'], 1);
      await end('SO-3');
    };

    it('frees what was named, as one operation, which undo takes back', async () => {
      await messUp();
      const { room } = setting();
      const before = await standing(room);
      const wish = intent({ actor: 'sue', reason: 'tidy up' });
      const preview = await room.repair({ stale: STALE }, { ...wish, dryRun: true });
      expect(preview).toMatchObject({ code: 'repaired', dryRun: true, operation: null });
      expect(await standing(room)).toEqual(before);
      const answer = await room.repair(
        { stale: STALE, ...(preview.plan === null ? {} : { plan: preview.plan }) },
        wish,
      );
      expect(answer.steps).toEqual(preview.steps);
      expect(answer.steps.map((step) => [step.because, 'label' in step ? step.label : null])).toEqual([
        ['ended-order-holds', 'L-1'],
        ['surplus-needed', 'L-2'],
        ['expired-held', 'P-3'],
      ]);
      expect((await diagnose()).problems).toBe(0);
      const [, freed] = await setting().events({ label: 'L-1' });
      expect(freed).toMatchObject({ kind: 'unreserved', verb: 'diagnose', by: 'sue', reason: 'tidy up' });
      expect((await room.undo({ operation: wish.operation }, intent())).code).toBe('undone');
      expect(await standing(room)).toEqual(before);
    });

    it('does only what is named by a check or a thing', async () => {
      await messUp();
      const { room } = setting();
      const one = await room.repair({ stale: STALE, checks: ['expired-held'] }, intent());
      expect(one.steps).toMatchObject([{ do: 'free', label: 'P-3' }]);
      const other = await room.repair({ stale: STALE, refs: [{ name: 'L-1' }] }, intent());
      expect(other.steps).toMatchObject([{ do: 'free', label: 'L-1', order: 'SO-3' }]);
    });

    it('leaves notices alone unless they count as problems', async () => {
      await reserve('SO-7', ['P-1']);
      await reserve('SO-2', ['P-2']);
      await bring(setting().room, { lines: [{ order: 'SO-7', line: 2, shipped: 12.5 }] });
      const { room } = setting();
      expect((await room.repair({ stale: STALE }, intent())).code).toBe('nothing_to_repair');
      const strict = await room.repair({ stale: STALE, strict: true }, intent());
      expect(strict.steps).toMatchObject([{ do: 'free', label: 'P-1', because: 'shipped-line-holds' }]);
    });

    it('with the same operation id gives the first answer again', async () => {
      await messUp();
      const { room } = setting();
      const wish = intent();
      const first = await room.repair({ stale: STALE }, wish);
      expect(await room.repair({ stale: STALE }, wish)).toEqual(first);
      expect(await room.repair({ stale: DAY }, wish)).toMatchObject({ code: 'operation_id_reused' });
    });

    it('does nothing if something else would be done than was shown', async () => {
      await messUp();
      const { room } = setting();
      const { plan } = await room.repair({ stale: STALE }, intent({ dryRun: true }));
      await room.unreserve({ target: { labels: ['P-3'] } }, intent());
      const before = await standing(room);
      const late = await room.repair({ stale: STALE, plan: plan ?? '' }, intent());
      expect(late).toMatchObject({ ok: false, code: 'plan_stale', steps: [] });
      expect(await standing(room)).toEqual(before);
    });

    it('refuses names that nothing has', async () => {
      const answer = await setting().room.repair({ stale: STALE, refs: [{ name: 'SO-99' }] }, intent());
      expect(answer).toMatchObject({ ok: false, code: 'ref_not_found' });
    });
  });
}
