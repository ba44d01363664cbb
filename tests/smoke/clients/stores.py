# What dynamodb.py, s3.py and kinesis.py share: clients of the endpoint that serves stores.yaml, and cases.
import os
import sys

URL = sys.argv[1]
os.environ.update(AWS_ENDPOINT_URL=URL, AWS_REGION='us-east-1', AWS_DEFAULT_REGION='us-east-1', AWS_ACCESS_KEY_ID='SFLINT00000000000000',
                  AWS_SECRET_ACCESS_KEY='x', AWS_SESSION_TOKEN='x', AWS_EC2_METADATA_DISABLED='true', AWS_MAX_ATTEMPTS='1',
                  AWS_CONFIG_FILE='/dev/null', AWS_SHARED_CREDENTIALS_FILE='/dev/null')
import boto3
from botocore.exceptions import ClientError

cases = []


def case(f):
    cases.append(f)
    return f


def client(name, key='SFLINT00000000000000', **more):
    return boto3.client(name, aws_access_key_id=key, aws_secret_access_key='x', aws_session_token='x', **more)


def same(got, want):
    assert got == want, 'got %r, want %r' % (got, want)


def fails(code, call, status=None, text=None):
    try:
        got = call()
    except ClientError as e:
        same(e.response['Error']['Code'], code)
        if status:
            same(e.response['ResponseMetadata']['HTTPStatusCode'], status)
        if text:
            assert text in e.response['Error']['Message'], e.response['Error']['Message']
        same(e.response['ResponseMetadata']['RetryAttempts'], 0)
        return e.response
    raise AssertionError('no error, but %r' % (got,))


def run():
    bad = 0
    for f in cases:
        try:
            f()
            print('PASS', f.__name__)
        except Exception as e:
            bad += 1
            print('FAIL', f.__name__, type(e).__name__, str(e)[:500])
    sys.exit(1 if bad else 0)
