import json, pathlib


def works(event, context):
    return {'sold': 3}


def fails(event, context):
    return 1 / len(event.get('orders', []))


def second(event, context):
    seen = pathlib.Path('/tmp/seen')
    if not seen.exists():
        seen.write_text('x')
        raise ConnectionError('not yet')


def see_done(event, context):
    for record in event['Records']:
        body = json.loads(record['body'])
        if 'requestContext' in body:
            assert body['requestContext']['condition'] == 'Success' and body['responsePayload'] in (None, {'sold': 3}), body
            assert body['requestContext']['functionArn'].endswith(':function:Works:$LATEST'), body


def see_bad(event, context):
    message = event['Records'][0]['Sns']['Message']
    if message.startswith('{"version"'):
        body = json.loads(message)
        assert body['requestContext']['condition'] == 'RetriesExhausted' and body['requestContext']['approximateInvokeCount'] == 3, body
        assert body['responsePayload']['errorType'] in ('Error', 'ZeroDivisionError'), body


def see_result(event, context):
    if event['source'] == 'lambda':
        assert event['detail']['responsePayload'] == {'sold': 3}, event
