import { type FileHandle, open } from 'node:fs/promises';
import { printable } from '../../core/index.ts';

/** A file that can't be opened or read at all. The message is one sentence for the user. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
  readonly path: string;

  constructor(path: string, why: string) {
    super(`can't read ${printable(path)}: ${why}`);
    this.path = path;
  }
}

/** Bytes in each read. Larger gains no speed; smaller costs some. */
const CHUNK = 256 * 1024;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its links go in a circle',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** The bytes of a file, or of standard input for `-`, in chunks; a wrong path shows at the first chunk. */
export async function* fileBytes(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (path === '-') yield* asBuffers(stdin);
    else yield* chunksOf(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function* asBuffers(
  stdin: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of stdin) {
    yield typeof chunk === 'string'
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  const handle: FileHandle = await open(path);
  try {
    for (;;) {
      // A buffer of its own for each chunk: the rows that are cut out of it may outlive the next read.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (!('syscall' in error)) return error;
  return new ImportFileError(path === '-' ? 'standard input' : path, WHY[error.code] ?? error.code);
}

/** The first bytes of a stream, up to the end of its first line with something in it, and the whole stream again. */
export async function peekLine(
  chunks: AsyncGenerator<Buffer, void, undefined>,
  limit: number,
): Promise<{ readonly head: Buffer; readonly content: AsyncIterable<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < limit && !/\S[^\n]*\n/.test(head.toString('latin1'))) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, content: replay(head, chunks) };
}

async function* replay(
  head: Buffer,
  chunks: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  yield* chunks;
}
