export { FileBlobs } from "./files/file-blobs.ts";
export { MemoryBlobs } from "./memory/memory-blobs.ts";
export { MemoryJournal } from "./memory/memory-journal.ts";
export { ProcessOwners } from "./process/process-owners.ts";
export { acquireProjectLock, type ProjectLockRequest } from "./sqlite/project-lock.ts";
export { SqliteJournal, type SqliteJournalOptions } from "./sqlite/sqlite-journal.ts";
