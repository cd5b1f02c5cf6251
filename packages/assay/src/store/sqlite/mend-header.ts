import { open } from "node:fs/promises";

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const headerBytes = 100;
const pageBytes = 4096;
/** Of the root page of a b-tree of tables: a leaf, or one that leads to others. */
const rootKinds: readonly number[] = [0x05, 0x0d];

/**
 * Writes the header of a database again as `openDatabase` makes it, where the header alone is damaged: the page behind it still begins as the
 * root of the schema must. Of what a header says, only what is the same in every journal is needed to read one. False where it cannot help.
 */
export async function mendHeader(path: string): Promise<boolean> {
  await using file = await open(path, "r+");
  const { size } = await file.stat();
  const [kind] = (await file.read(Buffer.alloc(1), 0, 1, headerBytes)).buffer;
  if (size < pageBytes || kind === undefined || !rootKinds.includes(kind)) return false;
  const header = Buffer.alloc(headerBytes);
  header.write("SQLite format 3\0", 0, "latin1");
  header.writeUInt16BE(pageBytes, 16);
  // Written and read with a write-ahead log; no reserved bytes; fractions that the format fixes.
  header.set([2, 2, 0, 64, 32, 32], 18);
  // The same counter twice makes the number of pages between them count.
  header.writeUInt32BE(1, 24);
  header.writeUInt32BE(Math.floor(size / pageBytes), 28);
  // Schema format 4, UTF-8. The list of free pages stays empty: the file is only read from now on.
  header.writeUInt32BE(4, 44);
  header.writeUInt32BE(1, 56);
  header.writeUInt32BE(1, 92);
  await file.write(header, 0, headerBytes, 0);
  await file.sync();
  return true;
}
