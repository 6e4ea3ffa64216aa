/** Proof that nobody has changed what happened. */
import { expect, it } from 'vitest';
import { Fault } from '../../src/stockroom/fault.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent, rowsOf } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function digestContract(make: MakeBackend): void {
  const setting = useStore(make);

  it('a digest is one line, and the same until something happens', async () => {
    const { room } = setting();
    const { digest, refusal } = await room.proveHistory();
    expect(digest).toMatch(/^earmark-history-1:\d+(\.\d+){6}:[0-9a-f]{64}$/);
    expect(refusal).toBeNull();
    expect(await room.proveHistory()).toEqual({ schemaVersion: 1, digest, refusal: null });
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    expect((await room.proveHistory()).digest).not.toBe(digest);
  });

  it('holds whatever happens afterwards', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
    await room.ship({ order: 'SO-2' }, intent());
    const { digest } = await room.proveHistory();
    await bring(room, {
      items: [{ sku: 'CABLE', name: 'Wire' }],
      labels: [
        { number: 'L-1', quantity: 60, location: 'moon' },
        { number: 'L-9', item: 'CABLE', quantity: 1 },
      ],
      orders: [{ number: 'SO-1', status: 'closed', customer: 'Zinc' }],
      lines: [{ order: 'SO-3', line: 1, ordered: 11 }],
    });
    await room.reserve({ order: 'SO-3', labels: [{ label: 'L-2', line: 1 }] }, intent());
    expect(await room.proveHistory(digest)).toEqual({ schemaVersion: 1, digest, refusal: null });
    expect(await room.proveHistory(` ${digest}\n`)).toMatchObject({ digest, refusal: null });
  });

  it('holds over an import that was still running when it was taken', async () => {
    const { room } = setting();
    let taken: Promise<string> | undefined;
    const many = Array.from({ length: 3000 }, (_, at) => ({ number: `M-${at}`, item: 'CABLE', quantity: 1 }));
    const session = await room.beginImport(
      { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 1 },
      intent(),
    );
    for (const [at, [kind, row]] of rowsOf({ labels: many }).entries()) {
      session.add(kind, { origin: { file: 'labels', row: at + 1 }, row });
    }
    await session.finish((phase) => {
      if (phase === 'imported') taken ??= room.proveHistory().then(({ digest }) => digest);
    });
    session.close();
    // Over a network it may have been over before it was heard of; then this tells less.
    const digest = await taken;
    expect(digest).toBeDefined();
    expect(await room.proveHistory(digest)).toMatchObject({ refusal: null });
  });

  it('does not hold where it says something else', async () => {
    const { room } = setting();
    const { digest } = await room.proveHistory();
    const other = digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await room.proveHistory(other)).toEqual({
      ...{ schemaVersion: 1, digest: other },
      refusal: { code: 'history_changed', digest: other, found: digest },
    });
  });

  it.each([
    'nonsense',
    'earmark-history-1:1.2:00',
    `earmark-history-2:1.1.1.1.1.1.1:${'0'.repeat(64)}`,
    `earmark-history-1:1.1.1.1.1.1:${'0'.repeat(64)}`,
    `earmark-history-1:1.1.1.1.1.1.1:${'0'.repeat(63)}`,
    `earmark-history-1:1.1.1.1.1.1.1:${'0'.repeat(64)}:1`,
  ])('%s is no digest', async (text) => {
    const proving = setting().room.proveHistory(text);
    await expect(proving).rejects.toThrow(Fault);
    await expect(proving).rejects.toMatchObject({ code: 'input' });
  });
}
