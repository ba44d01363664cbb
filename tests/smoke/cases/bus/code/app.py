def whole(event, context):
    assert sorted(event) == ['account', 'detail', 'detail-type', 'id', 'region', 'resources', 'source', 'time', 'version'], sorted(event)
    assert (event['source'], event['detail-type'], event['detail']['total']) == ('shop', 'Placed', 101), event


def path(event, context):
    assert list(event) == ['total'], event


def constant(event, context):
    assert event == {'job': 'clean', 'n': 3}, event


def transformed(event, context):
    assert sorted(event) == ['order', 'rule', 'text'], event
    assert event['text'] == f"order {event['order']} of c-smoke", event
    assert event['rule'] == 'TransformedRule', event


def stopped(event, context):
    assert event['detail'] == {'instance-id': event['detail']['instance-id'], 'state': 'stopped'}, event
    assert event['resources'][0].startswith('arn:aws:ec2:'), event
