/**
 * A strict reader of HTTP/1.1 responses (RFC 9112). A client that repairs what it reads cannot show what a server
 * really sent, so anything outside the grammar is a fault with a sentence, never a guess.
 * @module
 */

/** One field line as it came: the name in its own letter case, the value without the space around it. */
export type Field = readonly [name: string, value: string];

/** A 1xx response that came before the final one. */
export interface InterimResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
}

/** One final response. Field lines keep their order and their duplicates. */
export interface RawResponse extends InterimResponse {
  readonly version: '1.0' | '1.1';
  readonly trailers: readonly Field[];
  readonly body: Buffer;
  readonly interim: readonly InterimResponse[];
  /** The field's value, several lines joined by `, ` so that an unexpected duplicate shows; absent is `undefined`. */
  header(name: string): string | undefined;
  /** Every line of this field, in order. */
  headers(name: string): readonly string[];
}

/** Every value of a field in a list of lines, whatever the letter case of the name. */
function valuesOf(fields: readonly Field[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return fields.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

type State =
  | 'head'
  | 'length'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailers'
  | 'until-close'
  | 'tunnel'
  | 'failed';
type Head = Pick<RawResponse, 'version' | 'status' | 'reason' | 'fields'>;

const STATUS_LINE = /^HTTP\/(1\.[01]) ([1-9]\d\d) ([\t\u0020-\u007e\u0080-\u00ff]*)$/;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\u0020-\u007e\u0080-\u00ff]*?)[ \t]*$/;
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\u0020-\u007e\u0080-\u00ff]*)?$/;
const EMPTY = Buffer.alloc(0);
const MAX_HEAD_BYTES = 1 << 18;

/** Reads the responses of one connection as bytes arrive. `methods` are those of the requests sent, in order. */
export class ResponseReader {
  readonly responses: RawResponse[] = [];
  #fault: string | undefined;
  #state: State = 'head';
  #rest: Buffer = EMPTY;
  #head: Head | undefined;
  #interim: InterimResponse[] = [];
  #interimCount = 0;
  #body: Buffer[] = [];
  #missing = 0;
  readonly #methods: readonly string[];

  constructor(methods: readonly string[] = []) {
    this.#methods = methods;
  }

  /** What was not HTTP, or not whole; `undefined` while all is well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Bytes that belong to no response read: the start of a further one, a tunnel, or what the fault is about. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** How many interim responses have come, over all requests. */
  get interimCount(): number {
    return this.#interimCount;
  }

  /** Takes bytes from the socket; reading stops for good at the first fault. */
  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#step());
  }

  /** The server closed: ends a body delimited by that, and is a fault in the middle of anything else. */
  end(): void {
    if (this.#state === 'until-close') return this.#finish([]);
    if (this.#state === 'failed' || this.#state === 'tunnel') return;
    if (this.#state !== 'head') {
      const got = this.#body.reduce((sum, part) => sum + part.length, 0) + this.#rest.length;
      this.#fail(`the server closed in the middle of the body of a ${this.#head!.status}, after ${got} bytes`);
    } else if (this.#rest.length > 0) this.#fail(`the server closed in the middle of a head: ${quote(this.#rest)}`);
  }

  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'length':
      case 'chunk':
        return this.#readData();
      case 'chunk-size':
        return this.#readChunkSize();
      case 'chunk-end':
        return this.#readChunkEnd();
      case 'trailers':
        return this.#readTrailers();
      case 'until-close':
        if (this.#rest.length > 0) this.#body.push(this.#rest);
        this.#rest = EMPTY;
        return false;
      case 'tunnel':
      case 'failed':
        return false;
    }
  }

  #readHead(): boolean {
    const start = this.#rest.toString('latin1', 0, Math.min(5, this.#rest.length));
    if (!'HTTP/'.startsWith(start)) return this.#fail(`the server sent no HTTP response but ${quote(this.#rest)}`);
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#rest.length > MAX_HEAD_BYTES) return this.#fail(`the head is longer than ${MAX_HEAD_BYTES} bytes`);
      return false;
    }
    const lines = this.#rest.toString('latin1', 0, end).split('\r\n');
    const status = STATUS_LINE.exec(lines[0]!);
    if (status === null) return this.#fail(`not a status line: ${quote(lines[0]!)}`);
    const fields = this.#fieldsOf(lines.slice(1));
    if (fields === undefined) return false;
    this.#rest = this.#rest.subarray(end + 4);
    const [, version, code, reason] = status;
    return this.#frame({ version: version as '1.0' | '1.1', status: Number(code), reason: reason!, fields });
  }

  /** RFC 9112 section 6.3: how long the body is, with what that section lets a client tolerate refused. */
  #frame(head: Head): boolean {
    const lengths = valuesOf(head.fields, 'content-length');
    const codings = valuesOf(head.fields, 'transfer-encoding');
    const bodiless = head.status < 200 || head.status === 204;
    if (bodiless && lengths.length + codings.length > 0) {
      return this.#fail(`a ${head.status} must have neither Content-Length nor Transfer-Encoding`);
    }
    if (lengths.length > 0 && codings.length > 0) return this.#fail('both Content-Length and Transfer-Encoding');
    if (lengths.length > 1) return this.#fail(`${lengths.length} Content-Length lines`);
    if (lengths.length === 1 && !/^\d{1,15}$/.test(lengths[0]!)) {
      return this.#fail(`not a Content-Length: ${quote(lengths[0]!)}`);
    }
    if (codings.length > 0 && (codings.length > 1 || codings[0]!.toLowerCase() !== 'chunked')) {
      return this.#fail(`not a Transfer-Encoding this client asked for: ${quote(codings.join(', '))}`);
    }
    if (codings.length > 0 && head.version === '1.0') return this.#fail('Transfer-Encoding in HTTP/1.0');
    if (head.status < 200 && head.status !== 101) {
      this.#interimCount++;
      this.#interim.push({ status: head.status, reason: head.reason, fields: head.fields });
      return true;
    }
    this.#head = head;
    const method = this.#methods[this.responses.length] ?? 'GET';
    const tunnel = head.status === 101 || (method === 'CONNECT' && head.status < 300);
    if (tunnel || bodiless || head.status === 304 || method === 'HEAD') {
      this.#finish([]);
      if (tunnel) this.#state = 'tunnel';
    } else if (codings.length > 0) this.#state = 'chunk-size';
    else if (lengths.length === 0) this.#state = 'until-close';
    else {
      this.#missing = Number(lengths[0]);
      this.#state = 'length';
    }
    return true;
  }

  #readData(): boolean {
    const part = this.#rest.subarray(0, this.#missing);
    if (part.length > 0) this.#body.push(part);
    this.#rest = this.#rest.subarray(part.length);
    this.#missing -= part.length;
    if (this.#missing > 0) return false;
    if (this.#state === 'length') this.#finish([]);
    else this.#state = 'chunk-end';
    return true;
  }

  #readChunkSize(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const size = CHUNK_SIZE.exec(line);
    if (size === null) return this.#fail(`not a chunk size: ${quote(line)}`);
    this.#missing = Number.parseInt(size[1]!, 16);
    this.#state = this.#missing === 0 ? 'trailers' : 'chunk';
    return true;
  }

  #readChunkEnd(): boolean {
    if (this.#rest.length < 2) return false;
    if (this.#rest[0] !== 13 || this.#rest[1] !== 10) return this.#fail('a chunk is longer than its size says');
    this.#rest = this.#rest.subarray(2);
    this.#state = 'chunk-size';
    return true;
  }

  #readTrailers(): boolean {
    const none = this.#rest.length >= 2 && this.#rest[0] === 13 && this.#rest[1] === 10;
    const end = none ? 0 : this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const trailers = none ? [] : this.#fieldsOf(this.#rest.toString('latin1', 0, end).split('\r\n'));
    if (trailers === undefined) return false;
    this.#rest = this.#rest.subarray(none ? 2 : end + 4);
    this.#finish(trailers);
    return true;
  }

  #line(): string | undefined {
    const end = this.#rest.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }

  #fieldsOf(lines: readonly string[]): readonly Field[] | undefined {
    const fields: Field[] = [];
    for (const line of lines) {
      const field = FIELD_LINE.exec(line);
      if (field === null) return void this.#fail(`not a field line: ${quote(line)}`);
      fields.push([field[1]!, field[2]!]);
    }
    return fields;
  }

  #finish(trailers: readonly Field[]): void {
    const fields = this.#head!.fields;
    const headers = (name: string): readonly string[] => valuesOf(fields, name);
    this.responses.push({
      ...this.#head!,
      trailers,
      body: Buffer.concat(this.#body),
      interim: this.#interim,
      headers,
      header: (name) => (headers(name).length === 0 ? undefined : headers(name).join(', ')),
    });
    this.#head = undefined;
    this.#interim = [];
    this.#body = [];
    this.#state = 'head';
  }

  #fail(why: string): false {
    this.#fault = why;
    this.#state = 'failed';
    return false;
  }
}

function quote(bytes: Buffer | string): string {
  const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1', 0, 80);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
