// What the adapter asks of the computer it runs on. nodeHost.ts answers; a browser's worker could, too.
// Nothing else in the adapter knows files or clocks.

export interface Host {
  /** Throws a UserError that names the file and says why. */
  readFile(path: string): Uint8Array
  isFile(path: string): boolean
  /** A file that is read and written in pieces. Throws a UserError like readFile. */
  openBlocks(path: string, isWritable: boolean): BlockFile
  appendFile(path: string, text: string): void
  /** A relative path made absolute with the folder that the adapter was started in. */
  absolute(path: string): string
  inflate(bytes: Uint8Array): Uint8Array
  gunzip(bytes: Uint8Array): Uint8Array
  /** Milliseconds of a clock that only goes forward. */
  now(): number
  /** Runs work when the messages that wait have been handled, at the earliest after delayMs. Returns what takes it back. */
  later(work: () => void, delayMs: number): () => void
}

/** Random access to a file, for disks. */
export interface BlockFile {
  readonly bytes: number
  read(offset: number, length: number): Uint8Array
  write(offset: number, bytes: Uint8Array): void
  /** Changes with the content, whoever changes it. */
  version(): string
}
