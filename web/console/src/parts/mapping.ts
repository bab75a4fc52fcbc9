// Whether a person should look at the columns of a file before it goes in: the platform looks at its beginning.
import { mapping_suggest, type MappingSuggestReply } from '../api/client';

export type Suggestion = MappingSuggestReply;

const kText = /\.(csv|txt|tsv|ndjson|jsonl)$/i, kPiece = 512 * 1024, kLargest = 30 * 1024 * 1024;

/** Whole lines, so that no character is cut in two; in UTF-16 all that was read, which is an even number of bytes. */
async function beginning(file: File): Promise<File> {
  const bytes = new Uint8Array(await file.slice(0, kPiece).arrayBuffer());
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const end = wide ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
  return new File([bytes.slice(0, end || bytes.length)], file.name);
}

/** What is looked at: of a workbook all, for its table of contents stands at its end. */
async function sample_of(file: File): Promise<File | undefined> {
  if (kText.test(file.name)) return file.size > kPiece ? beginning(file) : file;
  if (file.size > kLargest) return undefined;
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b ? file : undefined;
}

/** undefined: it can be handed in as it is, or what is wrong with it is told better when it is. */
export async function ask_columns(file: File, item: string): Promise<Suggestion | undefined> {
  try {
    const sample = await sample_of(file);
    const suggestion = sample && (await mapping_suggest({ item, file: sample }));
    return suggestion?.asks ? suggestion : undefined;
  } catch {
    return undefined;
  }
}
