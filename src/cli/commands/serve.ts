/** `earmark serve`: offers the data over HTTP. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples, handler, type Define } from '../command.ts';
import type { ServeFlags } from '../serve/run-serve.ts';

export const define: Define = (command, context, finish) => {
  command.description(
    'offer the data over HTTP until a signal comes; SIGTERM or SIGINT lets what is under way come to its end',
  );
  port(command)
    .option(
      '--host <address>',
      'where to listen; other than loopback only once there are tokens',
      '127.0.0.1',
    )
    .option('--tls-cert <file>', 'the certificate, with its chain, as PEM: speak HTTPS')
    .option('--tls-key <file>', 'the key of the certificate, as PEM')
    .addOption(new Option('--reader').hideHelp());
  examples(command, [
    'earmark serve --port 7420',
    'earmark serve --port 7420 --host 0.0.0.0 --tls-cert server.pem --tls-key server.key',
    'earmark serve --port 0 --quiet',
  ]);
  command.action(
    handler<ServeFlags>(context, finish, async (_, flags) => {
      if (flags.reader === true) return await (await import('../serve/reading-thread.ts')).serveReads();
      const { runServe } = await import('../serve/run-serve.ts');
      return await runServe(context, flags);
    }),
  );
};

function port(command: Command): Command {
  return command.requiredOption('--port <number>', 'the port; 0 for any that is free', (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number <= 65_535)) throw new InvalidArgumentError('It is not a port.');
    return number;
  });
}
