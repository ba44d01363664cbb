import json, os
from aws import call

seen = []


def send(event, context):
    for at in range(0, 12, 10):
        entries = [{'Id': str(i), 'MessageBody': json.dumps({'n': i})} for i in range(at, min(at + 10, 12))]
        assert not call('sqs', 'SendMessageBatch', {'QueueUrl': os.environ['MANY'], 'Entries': entries}).get('Failed')
    entries = [{'Id': str(i), 'MessageBody': str(i), 'MessageGroupId': 'ab'[i % 2]} for i in range(6)]
    call('sqs', 'SendMessageBatch', {'QueueUrl': os.environ['ORDERED'], 'Entries': entries})
    # The same body within five minutes is taken for a duplicate.
    call('sqs', 'SendMessage', {'QueueUrl': os.environ['ORDERED'], 'MessageBody': '5', 'MessageGroupId': 'b'})


def take(event, context):
    """Number 3 never works; the others do."""
    assert len(event['Records']) <= 5, len(event['Records'])
    return {'batchItemFailures': [{'itemIdentifier': r['messageId']} for r in event['Records'] if json.loads(r['body']).get('n') == 3]}


def bury(event, context):
    for record in event['Records']:
        assert int(record['attributes']['ApproximateReceiveCount']) >= 1


def in_order(event, context):
    for record in event['Records']:
        group, number = record['attributes']['MessageGroupId'], record['body']
        assert not any(g == group and n > number for g, n in seen), (seen, group, number)
        seen.append((group, number))


def poison(event, context):
    raise OSError('received ' + event['Records'][0]['attributes']['ApproximateReceiveCount'])


def unknown(event, context):
    return {'batchItemFailures': [{'itemIdentifier': 'somebody-else'}]}


def filtered(event, context):
    body = json.loads(event['Records'][0]['body'])
    assert (body['type'], body['n']) == ('order', 5), body
