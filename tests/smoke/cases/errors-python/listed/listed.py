import a_package_of_ours

def handler(event, context): pass
