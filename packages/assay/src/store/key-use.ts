/** A key's last use is noted at most this often: a note is a write to the disk, and a key may be used a thousand times a second. */
export const keyUseNoteMs = 60_000;
