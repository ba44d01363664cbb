"""Runs a Python handler: takes events from the Lambda Runtime API, posts what it returns. Imports little, so that it starts fast."""
import sys
import os
import time
import json
import _socket

ROOT = os.environ.get("LAMBDA_TASK_ROOT", "/var/task")
RUNTIME = "/2018-06-01/runtime/"


class Api:
    """HTTP/1.1 over one connection that is kept."""

    def __init__(self, where):
        self.host, port = where.rsplit(":", 1)
        self.port = int(port)
        self.socket = None
        self.left = b""

    def connect(self):
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((self.host, self.port))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.left = b""

    def read(self):
        more = self.socket.recv(262144)
        if not more:
            raise ConnectionError("the runtime API closed the connection")
        return more

    def call(self, method, path, body=b"", headers=()):
        if self.socket is None:
            self.connect()
        head = [method, " ", RUNTIME, path, " HTTP/1.1\r\nHost: ", self.host, ":", str(self.port)]
        if method == "POST":
            head += ["\r\nContent-Type: application/json\r\nContent-Length: ", str(len(body))]
        for name, value in headers:
            head += ["\r\n", name, ": ", value]
        head.append("\r\n\r\n")
        self.socket.sendall("".join(head).encode("latin-1", "replace") + body)
        data = self.left
        while b"\r\n\r\n" not in data:
            data += self.read()
        top, data = data.split(b"\r\n\r\n", 1)
        lines = top.decode("latin-1").split("\r\n")
        answer = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            answer[name.strip().lower()] = value.strip()
        if answer.get("transfer-encoding", "").lower() == "chunked":
            body = []
            while True:
                while b"\r\n" not in data:
                    data += self.read()
                size, data = data.split(b"\r\n", 1)
                size = int(size.split(b";")[0], 16)
                while len(data) < size + 2:
                    data += self.read()
                body.append(data[:size])
                data = data[size + 2:]
                if size == 0:
                    break
            body, self.left = b"".join(body), data
        else:
            length = int(answer.get("content-length", "0"))
            parts, have = [data], len(data)
            while have < length:
                parts.append(self.read())
                have += len(parts[-1])
            data = b"".join(parts)
            body, self.left = data[:length], data[length:]
        if answer.get("connection", "").lower() == "close":
            self.socket.close()
            self.socket = None
        return int(lines[0].split(" ")[1]), answer, body


class Fault(Exception):
    """What keeps a handler from being loaded."""

    def __init__(self, kind, message, trace=()):
        Exception.__init__(self, message)
        self.kind, self.message, self.trace = kind, message, list(trace)


def trace_of(error):
    """The handler's own frames, as Lambda writes them."""
    import traceback
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__ and not f.filename.startswith("<frozen importlib")]
    return traceback.format_list(own)


def error_of(error, request_id):
    if isinstance(error, Fault):
        kind, message, trace = error.kind, error.message, error.trace
    else:
        kind, message, trace = type(error).__name__, str(error), trace_of(error)
    return json.dumps({"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}).encode(), kind


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def plain(value):
    """What json can't write: decimal.Decimal becomes a number."""
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        if value.is_finite() and value == value.to_integral_value():
            return int(value)
        return float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


class ClientInfo:
    pass


class ClientContext:
    def __init__(self, text):
        parts = json.loads(text)
        self.custom, self.env = parts.get("custom"), parts.get("env")
        self.client = None
        if isinstance(parts.get("client"), dict):
            self.client = ClientInfo()
            for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
                setattr(self.client, name, parts["client"].get(name))


class CognitoIdentity:
    def __init__(self, text):
        parts = json.loads(text) if text else {}
        self.cognito_identity_id = parts.get("cognitoIdentityId")
        self.cognito_identity_pool_id = parts.get("cognitoIdentityPoolId")


class LambdaContext:
    def __init__(self, headers):
        env = os.environ.get
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id", "")
        self.function_name = env("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = env("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = env("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env("AWS_LAMBDA_LOG_STREAM_NAME")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(client) if client else None
        self.identity = CognitoIdentity(headers.get("lambda-runtime-cognito-identity"))
        self._deadline = int(headers.get("lambda-runtime-deadline-ms", "0"))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, text):
        sys.stdout.write(str(text))


current = {"id": ""}


class ImportHook:
    """Does something to a module when the handler's code first imports it, not before: that takes time."""

    def __init__(self, name, then):
        self.name, self.then = name, then

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            self.then(module)
        try:
            spec.loader.exec_module = exec_module
        except AttributeError:
            pass
        return spec


def plain_to_itself(ssl):
    """The address of a WebSocket API's connections is https to a handler; here the run answers at it, without TLS."""
    import socket
    here = os.environ.get("AWS_ENDPOINT_URL", "").rpartition("://")[2].rsplit(":", 1)
    if len(here) != 2 or not here[1].isdigit():
        return

    class Plain(socket.socket):
        def getpeercert(self, binary_form=False):
            return b"" if binary_form else {"subjectAltName": (("IP Address", here[0]), ("DNS", here[0]))}

        def selected_alpn_protocol(self):
            return None

        def version(self):
            return None

        cipher = selected_npn_protocol = version
    wrap = ssl.SSLContext.wrap_socket

    def wrap_socket(self, sock, *args, **named):
        try:
            local = sock.getpeername()[:2] == (here[0], int(here[1]))
        except (OSError, AttributeError, TypeError):
            local = False
        if not local:
            return wrap(self, sock, *args, **named)
        timeout = sock.gettimeout()
        plain = Plain(fileno=sock.detach())
        plain.settimeout(timeout)
        return plain
    ssl.SSLContext.wrap_socket = wrap_socket


def root_handler(logging):
    """Lambda's root logger has a handler from the start."""
    class RequestId(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current["id"]
            return True

    class ToStderr(logging.StreamHandler):
        def emit(self, record):
            self.stream = sys.stderr
            logging.StreamHandler.emit(self, record)
    handler = ToStderr()
    form = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    handler.addFilter(RequestId())
    logging.root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if level in ("TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"):
        logging.root.setLevel({"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level))


def load(name):
    module_name, dot, function = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
    module_name = module_name.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict",
                    "Cannot use built-in module %s as a handler module" % module_name)
    try:
        __import__(module_name)
        module = sys.modules[module_name]
    except ImportError as e:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, e), trace_of(e))
    except SyntaxError as e:
        trace = ["  File \"%s\" Line %s\n    %s\n" % (e.filename, e.lineno, (e.text or "").rstrip("\n"))]
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, e), trace)
    if not hasattr(module, function):
        raise Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, module_name))
    return getattr(module, function)


def main():
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    layer = "/opt" if "LAMBDA_LAYER_ROOT" not in os.environ else os.environ.pop("LAMBDA_LAYER_ROOT")
    packages = "%s/python/lib/python%d.%d/site-packages" % (layer, sys.version_info[0], sys.version_info[1])
    sys.path[0:1] = [ROOT] + [p for p in (packages, layer + "/python") if os.path.isdir(p)]
    sys.argv = [""]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    sys.meta_path[0:0] = [ImportHook("logging", root_handler), ImportHook("ssl", plain_to_itself)]
    try:
        os.chdir(ROOT)
        handler = load(os.environ.get("_HANDLER", ""))
    except BaseException as e:
        body, kind = error_of(e, "")
        api.call("POST", "init/error", body, (("Lambda-Runtime-Function-Error-Type", kind),))
        flush()
        os._exit(1)
    while True:
        status, headers, event = api.call("GET", "invocation/next")
        if status != 200:
            raise RuntimeError("the runtime API answered %d: %s" % (status, event[:200].decode("utf-8", "replace")))
        current["id"] = request_id = headers["lambda-runtime-aws-request-id"]
        if "lambda-runtime-trace-id" in headers:
            os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        error = None
        try:
            try:
                event = json.loads(event) if event else None
            except ValueError as e:
                raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % e)
            result = handler(event, LambdaContext(headers))
            try:
                body = json.dumps(result, default=plain, ensure_ascii=False).encode("utf-8")
            except Exception as e:
                raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % e)
        except Exception as e:
            error = error_of(e, request_id)
        flush()
        if error is None:
            status = api.call("POST", "invocation/%s/response" % request_id, body)[0]
            if status == 413:
                kind = "Function.ResponseSizeTooLarge"
                message = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
                error = json.dumps({"errorMessage": message, "errorType": kind}).encode(), kind
        if error is not None:
            api.call("POST", "invocation/%s/error" % request_id, error[0], (("Lambda-Runtime-Function-Error-Type", error[1]),))


main()
