/** What `ship` asks: about expired stock and short lines where need be, and whether to ship exactly what it shows. */
import { listed, type ShipAnswer, type ShipCommand } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { presentAnswer } from '../present/answers.ts';
import { consequences, SHIPPED } from '../present/ship.ts';
import { measured, orderPhrase } from '../present/words.ts';
import type { Prompts } from '../prompts/index.ts';
import type { Agreed } from './confirm-unreserve.ts';

const MISSING = 'ship asks before it ships; add --yes to do it without asking';

/** Shows what would leave and what would become active, and asks. Shipped is then exactly that, or nothing. */
export async function confirmShip(
  context: Context,
  stockroom: Stockroom,
  command: ShipCommand,
  intent: Intent,
): Promise<Agreed<ShipCommand>> {
  const prompts = await context.prompts(MISSING);
  let asked = command;
  for (;;) {
    const preview = await stockroom.ship(asked, { ...intent, dryRun: true });
    if (preview.code === 'already_shipped') return { command: asked };
    if (!preview.ok) {
      const allowed = await askAround(prompts, asked, preview);
      if (allowed === undefined) return { exitCode: await presentAnswer(context, preview, SHIPPED) };
      asked = allowed;
      continue;
    }
    const yes = await prompts.confirm({ message: question(preview), body: consequences(preview) });
    prompts.close();
    if (!yes) throw new Fault('declined', 'nothing was shipped');
    return { command: { ...asked, ...(preview.plan === null ? {} : { plan: preview.plan }) } };
  }
}

function question({ order, code, shipment }: ShipAnswer): string {
  const name = order === null ? (shipment?.order ?? 'the order') : orderPhrase(order);
  return code === 'shipped' ? `Ship ${name}?` : `Ship this much of ${name}?`;
}

/** Refusals that a person may overrule: short lines and expired stock, each named in its question. */
async function askAround(
  prompts: Prompts,
  command: ShipCommand,
  preview: ShipAnswer,
): Promise<ShipCommand | undefined> {
  for (const refusal of preview.refusals) {
    if (refusal.code === 'line_short' && command.partial !== true) {
      const body = refusal.lines.map(({ line, item, unit, needed, reserved, missing }) => {
        const amounts = `${measured(needed, unit)} needed, ${measured(reserved, unit)} reserved`;
        return `  line ${line} (${item}): ${amounts}, ${measured(missing, unit)} missing`;
      });
      const message = `${refusal.order} is short. Ship what is reserved, and leave the rest outstanding?`;
      if (await prompts.confirm({ message, body })) return { ...command, partial: true };
      throw new Fault('declined', 'nothing was shipped');
    }
    if (refusal.code === 'label_expired' && command.allowExpired !== true) {
      const labels = refusal.labels.map(({ label, expiry }) => `${label} (expired ${expiry})`);
      if (await prompts.confirm({ message: `Ship expired stock: ${listed(labels, '')}?` })) {
        return { ...command, allowExpired: true };
      }
      throw new Fault('declined', 'nothing was shipped');
    }
  }
  return undefined;
}
