import os
from aws import call


def on(event, context):
    call('sqs', 'SendMessage', {'QueueUrl': os.environ['TO'], 'MessageBody': 'again'})
