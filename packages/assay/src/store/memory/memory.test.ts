import { blobsContract } from "../../ports/blobs.contract.ts";
import { journalContract } from "../../ports/journal.contract.ts";
import { MemoryBlobs } from "./memory-blobs.ts";
import { MemoryJournal } from "./memory-journal.ts";

journalContract("MemoryJournal", async () => new MemoryJournal());
blobsContract("MemoryBlobs", async () => new MemoryBlobs());
