'use strict';
// Runs a Node.js handler: takes events from the Lambda Runtime API, posts what it returns. Speaks HTTP over a plain socket, so that it starts fast.
const fs = require('fs');
const net = require('net');
const path = require('path');

const root = process.env.LAMBDA_TASK_ROOT || '/var/task';
const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API || '').split(':');
const runtime = '/2018-06-01/runtime/';

// ---- https to the run itself ----

// The address of a WebSocket API's connections is https to a handler, and what a custom resource answers goes to port 443 of ResponseURL's host whatever it
// says (as in AWS's own cfn-response). Here the run answers at both, without TLS. Done when https is first asked for.
const Module = require('module');
const loadOfModule = Module._load;
const [, here, itself] = /^http:\/\/([^:/]+):([0-9]+)/.exec(process.env.AWS_ENDPOINT_URL || '') || [];
Module._load = function (name, ...rest) {
  if (/^(node:)?(https|tls)$/.test(name)) {
    Module._load = loadOfModule;
    const tls = require('tls');
    const connect = tls.connect;
    tls.connect = function (...given) {
      const to = given[0];
      if (to === null || typeof to !== 'object' || (String(to.port) !== itself && String(to.port) !== '443') || (to.host || to.hostname) !== here) return connect.apply(this, given);
      return net.connect({ host: here, port: Number(itself) });
    };
  }
  return loadOfModule.call(this, name, ...rest);
};

// ---- HTTP/1.1 over one connection that is kept ----

let socket = null;
let left = Buffer.alloc(0);
let waiting = null;    // { resolve, reject } of the answer that is on its way

function answerIn(data) {
  const top = data.indexOf('\r\n\r\n');
  if (top < 0) return null;
  const lines = data.toString('latin1', 0, top).split('\r\n');
  const headers = {};
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(lines[0].split(' ')[1]);
  if (status === 100) return answerIn(data.subarray(top + 4));
  let at = top + 4;
  if ((headers['transfer-encoding'] || '').toLowerCase() === 'chunked') {
    const parts = [];
    for (;;) {
      const end = data.indexOf('\r\n', at);
      if (end < 0) return null;
      const size = parseInt(data.toString('latin1', at, end), 16);
      if (data.length < end + 4 + size) return null;
      parts.push(data.subarray(end + 2, end + 2 + size));
      at = end + 4 + size;
      if (size === 0) return { status, headers, body: Buffer.concat(parts), rest: data.subarray(at) };
    }
  }
  const length = Number(headers['content-length'] || 0);
  if (data.length < at + length) return null;
  return { status, headers, body: data.subarray(at, at + length), rest: data.subarray(at + length) };
}

let pieces = [];
let have = 0;
let wanted = 0;        // how much has to be there before another look is worth it

function received(piece) {
  pieces.push(piece);
  have += piece.length;
  if (have < wanted) return;
  left = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  pieces = [left];
  const answer = answerIn(left);
  if (answer === null) {
    const top = left.indexOf('\r\n\r\n');
    const length = top < 0 ? null : /\r\ncontent-length: *(\d+)/i.exec(left.toString('latin1', 0, top));
    wanted = length === null ? 0 : top + 4 + Number(length[1]);
    return;
  }
  pieces = answer.rest.length > 0 ? [answer.rest] : [];
  have = answer.rest.length;
  wanted = 0;
  if ((answer.headers.connection || '').toLowerCase() === 'close') {
    socket.destroy();
    socket = null;
  }
  const { resolve } = waiting;
  waiting = null;
  resolve(answer);
}

function connect() {
  if (socket !== null) return;
  pieces = [];
  have = wanted = 0;
  const mine = net.connect({ host, port: Number(port), noDelay: true });
  socket = mine;
  socket.on('data', received);
  const gone = (error) => {
    if (socket === mine) socket = null;
    if (waiting !== null && socket === null) {
      const { reject } = waiting;
      waiting = null;
      reject(error || new Error('the runtime API closed the connection'));
    }
  };
  socket.on('error', gone);
  socket.on('close', () => gone());
}

function send(head, body) {
  connect();
  socket.ref();
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    socket.cork();
    socket.write(head, 'latin1');
    if (body !== undefined) socket.write(body);
    socket.uncork();
  });
}

function headOf(method, where, headers) {
  let head = `${method} ${runtime}${where} HTTP/1.1\r\nHost: ${host}:${port}\r\n`;
  for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`;
  return head + '\r\n';
}

function post(where, text, headers) {
  const body = Buffer.from(text);
  return send(headOf('POST', where, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers }), body);
}

// ---- errors ----

class Fault extends Error {
  constructor(kind, message, from) {
    super(message);
    this.name = kind;
    if (from !== undefined && from !== null && from.stack) this.stack = `${kind}: ${message}\n${String(from.stack).split('\n').filter((l) => /^ {4}at /.test(l)).join('\n')}`;
  }
}

const isError = (e) => e !== null && typeof e === 'object' && (e instanceof Error || Object.prototype.toString.call(e) === '[object Error]');

/* Without what is ours: this file and what called it. */
function ownLines(text) {
  const lines = String(text).split('\n').filter((l) => !l.includes(__filename) && !/^ {4}at .*\(?node:/.test(l));
  while (lines.length > 1 && /^( {4}at new Promise \(<anonymous>\)|Require stack:)$/.test(lines[lines.length - 1])) lines.pop();
  return lines;
}

function errorOf(e) {
  if (!isError(e)) return { errorType: typeof e, errorMessage: String(e), trace: [] };
  return { errorType: String(e.name).replace(/[^ -~]/g, '_'), errorMessage: ownLines(e.message).join('\n'), trace: ownLines(e.stack || '') };
}

function errorText(e) {
  const error = errorOf(e);
  return [JSON.stringify(error), { 'Lambda-Runtime-Function-Error-Type': error.errorType.replace(/[\r\n]/g, ' ') }];
}

let request = null;    // the id of the event that is worked on

/* The process can't go on. It says so and ends, and doesn't wait longer than it has to. */
async function failAndExit(e, code) {
  const [text, headers] = errorText(e);
  waiting = null;
  if (socket !== null) socket.destroy();
  socket = null;
  try {
    await post(request === null ? 'init/error' : `invocation/${request}/error`, text, headers);
  } catch {
    // whoever waits for it sees the exit
  }
  process.exit(code);
}

process.on('uncaughtException', (e) => failAndExit(e, 129));
process.on('unhandledRejection', (reason) => {
  const e = new Fault('Runtime.UnhandledPromiseRejection', isError(reason) ? `${reason.name}: ${reason.message}` : String(reason), reason);
  failAndExit(e, 128);
});

// ---- streaming ----

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const { Writable } = require('stream');

/* The response as it is written: chunks of one request. An error in the middle goes into the trailers. */
class ResponseStream extends Writable {
  constructor(id) {
    super({ highWaterMark: 64 * 1024 });
    this.id = id;
    this.started = false;
    this.trailers = '';
    this.contentType = 'application/octet-stream';
  }

  setContentType(type) { this.contentType = type; }

  begin() {
    if (this.started) return;
    this.started = true;
    connect();
    socket.ref();
    this.answer = new Promise((resolve, reject) => { waiting = { resolve, reject }; });
    this.answer.catch(() => {});
    socket.write(headOf('POST', `invocation/${this.id}/response`, {
      'Content-Type': this.contentType, 'Transfer-Encoding': 'chunked', 'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    }), 'latin1');
  }

  // Lambda writes anything else as JSON.
  write(piece, ...rest) {
    const bytes = typeof piece === 'string' || Buffer.isBuffer(piece) || (piece !== null && piece !== undefined && piece.constructor === Uint8Array);
    return super.write(bytes ? piece : JSON.stringify(piece === undefined ? null : piece), ...rest);
  }

  _write(piece, encoding, done) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece, encoding);
    this.begin();
    if (socket === null) return done();
    if (bytes.length === 0) return done();
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    socket.write(bytes);
    socket.write('\r\n', 'latin1', () => done());
  }

  _final(done) {
    this.begin();
    if (socket !== null) socket.write(`0\r\n${this.trailers}\r\n`, 'latin1');
    this.answer.then(() => done(), () => done());
  }
}

globalThis.awslambda = {
  streamifyResponse(handler, options) {
    handler[STREAMING] = 'response';
    if (options !== undefined && options !== null) handler[Symbol.for('aws.lambda.runtime.handler.highWaterMark')] = options.highWaterMark;
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

async function stream(handler, event, context, id) {
  const out = new ResponseStream(id);
  const ended = new Promise((resolve) => out.once('close', resolve));
  try {
    await handler(event, out, context);
    if (!out.writableEnded) out.end();
    await ended;
  } catch (e) {
    const [text, headers] = errorText(e);
    if (!out.started) return post(`invocation/${id}/error`, text, headers);
    const type = headers['Lambda-Runtime-Function-Error-Type'];
    out.trailers = `Lambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${Buffer.from(text).toString('base64')}\r\n`;
    if (!out.writableEnded) out.end();
    await ended;
  }
}

// ---- loading ----

const isFile = (at) => {
  try {
    return fs.statSync(at).isFile();
  } catch {
    return false;
  }
};

/* The nearest package.json governs, up to node_modules. */
function isModule(at) {
  for (let folder = path.dirname(at); ; folder = path.dirname(folder)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch {
      if (folder === path.dirname(folder) || path.basename(folder) === 'node_modules') return false;
    }
  }
}

async function loadModule(name, folder) {
  const at = path.resolve(root, folder, name);
  const importIt = (file) => import(require('url').pathToFileURL(file).href);
  const requireIt = async (file) => {
    try {
      return require(file);
    } catch (e) {
      if (e !== null && typeof e === 'object' && (e.code === 'ERR_REQUIRE_ESM' || e.code === 'ERR_REQUIRE_ASYNC_MODULE')) return importIt(file);
      throw e;
    }
  };
  if (fs.existsSync(at)) {
    try {
      return await requireIt(at);
    } catch (e) {
      if (isFile(at) || e === null || e.code !== 'MODULE_NOT_FOUND' || !String(e.message).includes(`'${at}'`)) throw e;
    }
  }
  if (isFile(`${at}.js`)) return isModule(`${at}.js`) ? importIt(`${at}.js`) : requireIt(`${at}.js`);
  if (isFile(`${at}.mjs`)) return importIt(`${at}.mjs`);
  if (isFile(`${at}.cjs`)) return requireIt(`${at}.cjs`);
  // Not looked for by Lambda, but what a build would have made .js of: only where node takes types away by itself.
  if (process.features.typescript) {
    for (const end of ['.ts', '.mts', '.cts']) if (isFile(at + end)) return importIt(at + end);
  }
  return require(require.resolve(name, { paths: [root, path.join(root, folder)] }));
}

async function load(text) {
  if (text.includes('..')) throw new Fault('Runtime.MalformedHandlerName', `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  const base = path.basename(text);
  const folder = text.slice(0, text.lastIndexOf(base));
  const parts = /^([^.]*)\.(.*)$/.exec(base);
  if (parts === null) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  let found;
  try {
    found = await loadModule(parts[1], folder);
  } catch (e) {
    if (e instanceof SyntaxError) throw new Fault('Runtime.UserCodeSyntaxError', String(e.stack).split('\n').slice(0, 5).join('\n') || String(e), e);
    if (isError(e) && e.code !== undefined && /MODULE_NOT_FOUND$/.test(e.code)) throw new Fault('Runtime.ImportModuleError', `Error: ${e.message}`, e);
    throw e;
  }
  const at = (start) => parts[2].split('.').reduce((o, name) => (o === undefined || o === null ? undefined : o[name]), start);
  let handler = at(found);
  if (handler === undefined && found !== null && found !== undefined && found.default !== undefined) handler = at(found.default);
  if (handler === undefined || handler === null) throw new Fault('Runtime.HandlerNotFound', `${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw new Fault('Runtime.HandlerNotFound', `${text} is not a function`);
  return handler;
}

// ---- invoking ----

function contextOf(headers) {
  const env = process.env;
  const json = (text) => (text ? JSON.parse(text) : undefined);
  const deadline = Number(headers['lambda-runtime-deadline-ms'] || 0);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: json(headers['lambda-runtime-client-context']),
    identity: json(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/* What the handler gives, however it gives it. The socket does not count as work: a handler whose event loop is empty has ended. */
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    let over = false;
    const end = (fn, value) => {
      if (over) return;
      over = true;
      process.removeListener('beforeExit', empty);
      fn(value);
    };
    let called = null;     // by callback: what is given once the event loop is empty
    let promised = false;
    const empty = () => {
      if (called !== null) end(called.error === undefined || called.error === null ? resolve : reject, called.error || called.value);
      else if (promised) end(reject, new Fault('Runtime.NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes'));
      else end(resolve, undefined);
    };
    const callback = (error, value) => {
      if (over || called !== null) return;
      if (error !== undefined && error !== null) return end(reject, error);
      if (!context.callbackWaitsForEmptyEventLoop) return end(resolve, value);
      called = { error, value };
    };
    const promisesOnly = /^nodejs(2[4-9]|[3-9]\d)\./.test((process.env.AWS_EXECUTION_ENV || '').replace('AWS_Lambda_', ''));
    if (promisesOnly && handler.length >= 3) {
      return reject(new Fault('Runtime.CallbackHandlerDeprecated', 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.'));
    }
    // From Node.js 24 on what is returned is the answer, at once: nothing waits for what else goes on, and the context has no done().
    if (!promisesOnly) {
      context.done = callback;
      context.succeed = (value) => { context.callbackWaitsForEmptyEventLoop = false; callback(null, value); };
      context.fail = (error) => { context.callbackWaitsForEmptyEventLoop = false; callback(error === undefined || error === null ? new Error('handled') : error); };
    }
    process.on('beforeExit', empty);
    if (socket !== null) socket.unref();
    let result;
    try {
      result = promisesOnly ? handler(event, context) : handler(event, context, callback);
    } catch (e) {
      return end(reject, e);
    }
    if (result !== undefined && result !== null && typeof result.then === 'function') {
      promised = true;
      result.then((value) => end(resolve, value), (e) => end(reject, e));
    } else if (promisesOnly || (handler.length < 3 && result !== undefined)) end(resolve, result);
  });
}

async function main() {
  process.chdir(root);
  let handler;
  try {
    handler = await load(process.env._HANDLER || '');
  } catch (e) {
    return failAndExit(e, 1);
  }
  for (;;) {
    const next = await send(headOf('GET', 'invocation/next', {}));
    if (next.status !== 200) {
      process.stderr.write(`the runtime API answered ${next.status}: ${next.body.toString('utf8', 0, 200)}\n`);
      process.exit(1);
    }
    const id = next.headers['lambda-runtime-aws-request-id'];
    request = id;
    if (next.headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'];
    else delete process.env._X_AMZN_TRACE_ID;
    let answer;
    try {
      const event = next.body.length > 0 ? JSON.parse(next.body.toString()) : null;
      const context = contextOf(next.headers);
      if (handler[STREAMING] !== undefined) {
        await stream(handler, event, context, id);
        continue;
      }
      const value = await call(handler, event, context);
      let text;
      try {
        text = JSON.stringify(value === undefined ? null : value);
      } catch (e) {
        throw new Fault('Runtime.MarshalError', `Unable to stringify response body: ${e.message}`, e);
      }
      answer = await post(`invocation/${id}/response`, text === undefined ? 'null' : text);
      if (answer.status === 413) {
        throw new Fault('Function.ResponseSizeTooLarge', 'Response payload size exceeded maximum allowed payload size (6291556 bytes).');
      }
    } catch (e) {
      if (socket === null && answer === undefined && e !== null && typeof e === 'object' && e.code === 'ECONNREFUSED') process.exit(1);
      const [text, headers] = errorText(e);
      await post(`invocation/${id}/error`, text, headers);
    }
  }
}

main().catch((e) => failAndExit(e, 1));
