def rule(event, context):
    if event:
        assert event.get('detail-type') in (None, 'Scheduled Event'), event


def constant(event, context):
    assert event == {'job': 'sweep'}, event


def scheduler(event, context):
    print(event)
    assert event['when'].endswith('Z') and ':schedule/' in event['by'], event
