/** An answer as it is sent, now and to whoever asks again with the same key. */
export class StoredAnswer {
  constructor(
    readonly status: number,
    /** JSON; a problem (RFC 9457) from status 400 on. */
    readonly json: string,
  ) {}

  get contentType(): string {
    return this.status < 400
      ? 'application/json; charset=utf-8'
      : 'application/problem+json; charset=utf-8';
  }
}
