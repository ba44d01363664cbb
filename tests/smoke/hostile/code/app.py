"""Handlers that nobody would want to have on his machine."""
import os, pathlib, signal, socket, sys, time


def forks(event, context):
    while True:
        try:
            os.fork()
        except OSError:
            pass


def memory(event, context):
    kept = []
    while True:
        kept.append(b'x' * (16 << 20))


def memory_of_many(event, context):
    for _ in range(8):
        if os.fork() == 0:
            kept = b'x' * (64 << 20)
            time.sleep(600)
    time.sleep(600)


def disk(event, context):
    with open('/tmp/full', 'wb') as file:
        while True:
            file.write(b'x' * (1 << 20))


def deaf(event, context):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)


def chatter(event, context):
    line = b'y' * (1 << 16)
    for _ in range(1 << 14):
        os.write(1, line)


def daemon(event, context):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
        os._exit(0)
    return 'gone'


def api(text):
    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
    s = socket.create_connection((host, int(port)))
    s.sendall(text)
    return s


def post(context, body, path='response'):
    return api(f'POST /2018-06-01/runtime/invocation/{context.aws_request_id}/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)


def half(event, context):
    s = api(f'POST /2018-06-01/runtime/invocation/{context.aws_request_id}/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"half'.encode())
    s.close()
    api(b'\x00\xff garbage \r\n\r\n').close()
    return 'whole'


def twice(event, context):
    post(context, b'"first"').recv(1000)
    return 'second'


def deep(event, context):
    post(context, b'[' * 1000000 + b']' * 1000000).recv(1000)
    time.sleep(600)


def huge(event, context):
    return [{'n': i} for i in range(400000)]


def gone(event, context):
    """Every connection of this process is closed under it."""
    os.closerange(3, 1000)
    time.sleep(600)


def sleeps(event, context):
    print('asleep')
    sys.stdout.flush()
    time.sleep(600)


GIVEN = set('''_HANDLER _X_AMZN_TRACE_ID AWS_ACCESS_KEY_ID AWS_CONFIG_FILE AWS_DEFAULT_REGION AWS_EC2_METADATA_DISABLED AWS_EXECUTION_ENV AWS_ENDPOINT_URL
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
    AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SHARED_CREDENTIALS_FILE
    AWS_XRAY_CONTEXT_MISSING AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_PORT GEM_PATH LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT LANG
    LC_CTYPE LD_LIBRARY_PATH NODE_PATH PATH PYTHONPATH SFLINT_TEST TZ'''.split())


def leaks(event, context):
    """What a handler sees of the machine."""
    assert set(os.environ) <= GIVEN, set(os.environ) - GIVEN
    assert os.environ['AWS_ACCESS_KEY_ID'].startswith('SFLINT')
    for home in ('/root', '/home'):
        # Only what leads to the interpreter may be there.
        seen = [f'{home}/{name}' for name in os.listdir(home)] if os.path.exists(home) else []
        assert not [path for path in seen if not sys.base_prefix.startswith(path + '/')], seen
    assert os.listdir('/tmp') == [], os.listdir('/tmp')
    assert not os.path.exists(os.environ.get('SFLINT_TEST', '/nothing')), 'the folder of the test is seen'
    for process in pathlib.Path('/proc').glob('[0-9]*'):
        words = (process / 'cmdline').read_bytes()
        assert process.name in ('1', str(os.getpid())) , (process.name, words)
    for path in ('/var/task/new', '/new', '/usr/new', '/opt/new', '/etc/new', '/var/runtime/new'):
        try:
            open(path, 'w')
        except OSError:
            continue
        raise AssertionError(f'{path} can be written')
    for address in (('192.0.2.1', 80), ('1.1.1.1', 53), ('169.254.169.254', 80)):
        try:
            socket.create_connection(address, 2)
        except OSError:
            continue
        raise AssertionError(f'{address} can be reached')
    try:
        os.setuid(0)
    except OSError:
        return 'nothing'
    assert not os.access('/etc/shadow', os.R_OK), 'shadow can be read'
