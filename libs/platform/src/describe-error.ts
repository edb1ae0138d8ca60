/** What went wrong, in one line for people; never empty. */
export function describeError(error: unknown): string {
  // What connecting to a name with several addresses rejects with: its own message is empty.
  if (error instanceof AggregateError)
    return error.errors.map(describeError).join('; ');
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
