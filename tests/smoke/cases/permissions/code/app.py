import os
from aws import call, send


def writes(event, context):
    call('dynamodb', 'PutItem', {'TableName': os.environ['TABLE'], 'Item': {'id': {'S': 'a'}}})


def unemulated(event, context):
    send('rekognition', {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'RekognitionService.DetectLabels'}, b'{}')
