/** API requests and answers that travel within one process, without a connection. */

export interface InnerRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a dialect's routes answer, before it is sent. Null: nothing but headers. */
export interface Payload {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Buffer | null;
}

export function innerAnswer({ status, headers, content }: Payload): InnerAnswer {
  return { status, headers, body: content === null ? '' : content.toString() };
}
