"""Calls to AWS's JSON services; only who calls is written into the signature, for nobody here checks it."""
import json, os, urllib.error, urllib.request

TARGETS = {'dynamodb': 'DynamoDB_20120810', 'sqs': 'AmazonSQS', 'events': 'AWSEvents', 'states': 'AWSStepFunctions', 'kinesis': 'Kinesis_20131202'}


def send(service, headers, body, path='/', method='POST'):
    scope = f"{os.environ['AWS_ACCESS_KEY_ID']}/20261125/{os.environ['AWS_REGION']}/{service}/aws4_request"
    headers = {'authorization': f'AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0', **headers}
    request = urllib.request.Request(os.environ['AWS_ENDPOINT_URL'] + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f'{service}: {error.code} {error.read().decode()}') from None


def call(service, operation, body):
    headers = {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': f'{TARGETS[service]}.{operation}'}
    return json.loads(send(service, headers, json.dumps(body).encode()) or b'{}')
