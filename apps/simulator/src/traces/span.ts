/** What a trace covers, in milliseconds since the epoch; both are midnights in Asia/Shanghai. */
export interface Span {
  startMs: number;
  endMs: number;
}
