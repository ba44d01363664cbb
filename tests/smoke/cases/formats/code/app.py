import os


def bad(event, context):
    print('<about> & "to" fail')
    raise ValueError('<no> & "good"')


def good(event, context):
    return {'n': 1, 'text': 'äöü'}


def env(event, context):
    assert os.environ.get('API_KEY') == 'from the file', os.environ.get('API_KEY')
    assert os.environ['OTHER'] == 'two words', os.environ['OTHER']
