// Paths as compilers write them: joined with the compilation directory, normalised, compared by their ends.

const isAbsolute = (path: string) => path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)

/** The last absolute part begins the path; `.` and `..` are resolved. */
export function joinPath(...parts: readonly string[]): string {
  const from = parts.findLastIndex(isAbsolute)
  const whole = parts.slice(Math.max(0, from)).join('/')
  const kept: string[] = []
  for (const part of components(whole)) {
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (part !== '..' || !isAbsolute(whole)) kept.push(part)
  }
  return (whole.startsWith('/') ? '/' : '') + kept.join('/')
}

/** Both kinds of slashes separate: an editor on Windows may show what was compiled on Linux. */
export const components = (path: string): string[] =>
  path.split(/[\\/]/).filter((component) => component !== '' && component !== '.')

/** How many components from the end are the same. */
export function commonTail(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}
