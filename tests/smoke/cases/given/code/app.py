import json


def work(event, context):
    assert json.loads(event['Records'][0]['body'])['order']['id'] == 'o-17', event


def get(event, context):
    print('asked for', event['pathParameters']['id'], event['queryStringParameters']['full'])
    return {'statusCode': 200, 'body': event['pathParameters']['id']}


def photos(event, context):
    print(event['Records'][0]['s3']['object'])
    if event['Records'][0]['s3']['object']['key'].startswith('holiday'):
        raise OSError('full')
