const mebibyte = 1024 * 1024;

/** Of one file after an edit. */
export const editedCharactersMax = 64 * mebibyte;

/** One diff given as an edit. */
export const diffBounds = { charactersMax: 16 * mebibyte, hunksMax: 5_000 } as const;
