def policy(effect, arn, **context):
    statement = {'Action': 'execute-api:Invoke', 'Effect': effect, 'Resource': arn}
    return {'principalId': 'u-1', 'policyDocument': {'Version': '2012-10-17', 'Statement': [statement]}, 'context': context}


def by_token(event, context):
    assert event['type'] == 'TOKEN' and event['authorizationToken'], event
    return policy('Allow', event['methodArn'], team='blue')


def by_request(event, context):
    assert event['type'] == 'REQUEST' and event['queryStringParameters']['key'], event
    return policy('Allow', event['methodArn'])


def simple(event, context):
    return {'isAuthorized': event['identitySource'][0] != 'nobody'}


def refuse(event, context):
    return policy('Deny', '*')


def no_policy(event, context):
    return {'principalId': 'u-1'}


def knows_who(event, context):
    who = event['requestContext']['authorizer']
    assert (who['principalId'], who['team']) == ('u-1', 'blue'), who
    return answer(event, context)


def answer(event, context):
    return {'statusCode': 200, 'body': 'fine'}
