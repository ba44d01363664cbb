import json, os, urllib.parse
from aws import send


def publish(event, context):
    for message, kind, n in ('{"order": {"state": "paid"}}', 'big', '7'), ('plain', 'small', '7'):
        form = {'Action': 'Publish', 'Version': '2010-03-31', 'TopicArn': os.environ['TOPIC'], 'Message': message}
        for i, (name, type_, text) in enumerate((('kind', 'String', kind), ('n', 'Number', n)), 1):
            at = f'MessageAttributes.entry.{i}.'
            form |= {at + 'Name': name, at + 'Value.DataType': type_, at + 'Value.StringValue': text}
        send('sns', {'content-type': 'application/x-www-form-urlencoded'}, urllib.parse.urlencode(form).encode())


def direct(event, context):
    record, = event['Records']
    assert record['EventSource'] == 'aws:sns' and record['Sns']['MessageAttributes']['kind']['Value'] == 'big', record


def body(event, context):
    assert json.loads(event['Records'][0]['Sns']['Message'])['order']['state'] == 'paid', event


def raw(event, context):
    for record in event['Records']:
        assert 'TopicArn' not in record['body'], record
        print('raw', record['body'], record['messageAttributes'].get('kind', {}).get('stringValue'))


def envelope(event, context):
    for record in event['Records']:
        message = json.loads(record['body'])
        assert message['Type'] == 'Notification' and message['TopicArn'].endswith(':Topic'), message
