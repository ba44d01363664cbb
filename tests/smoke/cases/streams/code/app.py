import base64, json, os
from aws import call

again = set()


def write(event, context):
    table = os.environ['TABLE']
    call('dynamodb', 'PutItem', {'TableName': table, 'Item': {'id': {'S': 'a'}, 'n': {'N': '1'}}})
    call('dynamodb', 'UpdateItem', {'TableName': table, 'Key': {'id': {'S': 'a'}}, 'UpdateExpression': 'SET n = n + :one',
                                    'ExpressionAttributeValues': {':one': {'N': '1'}}})
    call('dynamodb', 'PutItem', {'TableName': table, 'Item': {'id': {'S': 'a'}, 'n': {'N': '2'}}})    # as it was: no record
    call('dynamodb', 'DeleteItem', {'TableName': table, 'Key': {'id': {'S': 'a'}}})
    call('dynamodb', 'PutItem', {'TableName': table, 'Item': {'id': {'S': 'b'}, 'n': {'N': '7'}}})


def changes(event, context):
    for record in event['Records']:
        images = ('OldImage' in record['dynamodb'], 'NewImage' in record['dynamodb'])
        assert images == {'INSERT': (False, True), 'MODIFY': (True, True), 'REMOVE': (True, False)}[record['eventName']], record
        assert 'S' in record['dynamodb']['Keys']['id'], record


def removed(event, context):
    assert [r['eventName'] for r in event['Records']] == ['REMOVE'], event


def broken(event, context):
    raise OSError('the disk is full')


def send_clicks(event, context):
    records = [{'PartitionKey': 'k', 'Data': base64.b64encode(d).decode()} for d in (b'{"page": "/a"}', b'no JSON', b'{"page": "b"}', b'{"page": "/again"}')]
    assert call('kinesis', 'PutRecords', {'StreamName': os.environ['STREAM'], 'Records': records})['FailedRecordCount'] == 0


def count(event, context):
    """The record of /again is given back once."""
    for record in event['Records']:
        page = json.loads(base64.b64decode(record['kinesis']['data']))['page']
        number = record['kinesis']['sequenceNumber']
        if page == '/again' and number not in again:
            again.add(number)
            return {'batchItemFailures': [{'itemIdentifier': number}]}
    return {'batchItemFailures': []}
