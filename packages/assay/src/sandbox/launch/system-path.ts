/** Where the launcher's programs are looked for, whatever the person's PATH says: some of them run as root. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
