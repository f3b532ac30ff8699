/** Sends a file as the body of a request, and tells how much of it has gone: `fetch` cannot. */
import { absolute, accepted, writtenOf, type Api, type Written } from "./client";
import { Offline } from "./problems";

export interface Sending {
  /** Its `Idempotency-Key`: sent again with it, a file is attached once. */
  key: string;
  /** How many bytes have gone. */
  progress: (sent: number) => void;
  /** Ends it; the promise then rejects with `Offline`. */
  signal: AbortSignal;
}

/** Nothing goes and nothing comes for so long: the connection is dead. */
const STALLED_MS = 60_000;
const HEADERS = ["content-type", "retry-after", "doska-seq", "doska-event", "etag"];

/** Send a file to an address of the API; rejects with `Problem` or `Offline`. */
export async function upload<T>(api: Api, path: string, file: Blob, sending: Sending): Promise<Written<T>> {
  return writtenOf<T>(await accepted(await sent(api, path, file, sending)));
}

function sent(api: Api, path: string, file: Blob, { key, progress, signal }: Sending): Promise<Response> {
  const request = new XMLHttpRequest();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(stalled);
    stalled = setTimeout(() => request.abort(), STALLED_MS);
  };
  return new Promise<Response>((resolve, reject) => {
    request.open("POST", absolute(api.base + path));
    request.withCredentials = true;
    for (const [name, value] of api.headersOf(key)) request.setRequestHeader(name, value);
    request.setRequestHeader("content-type", "application/octet-stream"); // what it is, the server sees for itself
    request.upload.onprogress = (event) => {
      alive();
      progress(event.loaded);
    };
    request.onload = () => resolve(responseOf(request));
    request.onerror = request.onabort = () => reject(new Offline("the file has not arrived"));
    signal.addEventListener("abort", () => request.abort());
    alive();
    request.send(file);
  }).finally(() => clearTimeout(stalled));
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = HEADERS.flatMap((name): [string, string][] => {
    const value = request.getResponseHeader(name);
    return value === null ? [] : [[name, value]];
  });
  return new Response(request.status === 204 ? null : request.responseText, { status: request.status, headers });
}
