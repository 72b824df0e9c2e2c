// Writes a line to the log for each exchange that has ended: method, path, status, size, time.
// Configuration: {"level": "info", "headers": ["x-request-id"]}: a level of logs, and fields of the request that the line has as well.

export * from "@gcoredev/proxy-wasm-sdk-as/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  LogLevelValues,
  RootContext,
  get_property,
  log,
  registerRootContext,
  stream_context,
} from "@gcoredev/proxy-wasm-sdk-as/assembly";
import { deleteContext, getContext, getRootContext } from "@gcoredev/proxy-wasm-sdk-as/assembly/runtime";

// The SDK looks for the plugin's own context among those of exchanges, where it is not, and aborts when the host says that all is over. These two come
// before the SDK's.

export function proxy_on_done(context_id: u32): u32 {
  const root = getRootContext(context_id);
  const agreed = root.context_id == context_id ? root.onDone() : getContext(context_id).onDone();
  return agreed ? 1 : 0;
}

export function proxy_on_delete(context_id: u32): void {
  const root = getRootContext(context_id);
  if (root.context_id == context_id) {
    root.onDelete();
    return;
  }
  getContext(context_id).onDelete();
  deleteContext(context_id);
}

function textOf(json: string, key: string): string {
  const quoted = '"' + key + '"';
  let at = json.indexOf(quoted);
  if (at < 0) return "";
  at = json.indexOf('"', json.indexOf(":", at + quoted.length));
  const end = json.indexOf('"', at + 1);
  return at < 0 || end < 0 ? "" : json.substring(at + 1, end);
}

function textsOf(json: string, key: string): string[] {
  const at = json.indexOf('"' + key + '"');
  const start = at < 0 ? -1 : json.indexOf("[", at);
  const end = start < 0 ? -1 : json.indexOf("]", start);
  const texts: string[] = [];
  if (end < 0) return texts;
  const parts = json.substring(start + 1, end).split('"');
  for (let i = 1; i < parts.length; i += 2) texts.push(parts[i]);
  return texts;
}

function numberProperty(path: string): u64 {
  const value = get_property(path);
  return value.byteLength < 8 ? 0 : load<u64>(changetype<usize>(value));
}

class LoggerRoot extends RootContext {
  level: LogLevelValues = LogLevelValues.info;
  headers: string[] = [];

  onConfigure(size: u32): bool {
    const ok = super.onConfigure(size);
    const json = this.getConfiguration();
    if (textOf(json, "level") == "debug") this.level = LogLevelValues.debug;
    if (textOf(json, "level") == "warn") this.level = LogLevelValues.warn;
    this.headers = textsOf(json, "headers");
    return ok;
  }

  createContext(context_id: u32): Context {
    return new Logger(context_id, this);
  }
}

class Logger extends Context {
  line: string = "";
  status: string = "-";
  root: LoggerRoot;

  constructor(context_id: u32, root: LoggerRoot) {
    super(context_id, root);
    this.root = root;
  }

  onRequestHeaders(count: u32, end: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const path = headers.get(":path");
    const query = path.indexOf("?"); // which may hold secrets
    this.line = headers.get(":method") + " " + (query < 0 ? path : path.substring(0, query));
    for (let i = 0; i < this.root.headers.length; i++) {
      this.line += " " + this.root.headers[i] + "=" + headers.get(this.root.headers[i]);
    }
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end: bool): FilterHeadersStatusValues {
    this.status = stream_context.headers.response.get(":status");
    return FilterHeadersStatusValues.Continue;
  }

  onLog(): void {
    const size = numberProperty("response.size");
    const micros = numberProperty("request.duration") / 1000;
    log(this.root.level, this.line + " " + this.status + " " + size.toString() + " octets " + micros.toString() + " µs");
  }
}

registerRootContext((context_id: u32) => new LoggerRoot(context_id), "");
