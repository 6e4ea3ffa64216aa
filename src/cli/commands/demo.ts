/** `earmark demo`: a small warehouse to try things in, and a tour of the main job. */
import { examples, handler, type Define } from '../command.ts';
import type { CommonFlags } from '../settings.ts';

interface DemoFlags extends CommonFlags {
  readonly tour?: boolean;
}

export const define: Define = (command, context, finish) => {
  command
    .description(
      'make a small warehouse to try things in, and show the main job on it; your own data is not touched',
    )
    .option('--no-tour', 'only make the warehouse');
  examples(command, ['earmark demo', 'earmark demo --db try.db --no-tour']);
  command.action(
    handler<DemoFlags>(context, finish, async (_, flags) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      return await runDemo(context, flags.tour !== false);
    }),
  );
};
