import os, signal, sys, time


def prices(items):
    total = 0
    for item in items:
        total += item.price
    return total


def raises(event, context):
    return prices(['apple'])


def chained(event, context):
    try:
        prices([1])
    except AttributeError as error:
        raise ValueError('no price list') from error


def exits(event, context):
    print('giving up')
    sys.exit(3)


def segfaults(event, context):
    os.kill(os.getpid(), signal.SIGSEGV)


def unserialisable(event, context):
    return {'when': object()}


def slow(event, context):
    print('sleeping')
    time.sleep(60)


def memory(event, context):
    kept = []
    while True:
        kept.append(bytearray(8 << 20))


def environment(event, context):
    return os.environ['QUEUE_URL']


def large(event, context):
    return 'x' * (7 << 20)


def fine(event, context):
    return None
