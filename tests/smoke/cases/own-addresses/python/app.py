import http.client


def say(event, context):
    at = event["requestContext"]
    there = http.client.HTTPSConnection(at["domainName"])
    there.request("POST", "/%s/@connections/%s" % (at["stage"], at["connectionId"]), b"hello from python")
    status = there.getresponse().status
    if status != 200:
        raise RuntimeError("answered %d" % status)
    return {"statusCode": status}
