"""For inline code, as Lambda puts it beside it: answers a custom resource (CloudFormation user guide, "cfn-response module")."""
import json
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps({
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }).encode("utf-8")
    print("Response body:")
    print(body.decode("utf-8"))
    url = event["ResponseURL"]
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("ResponseURL is no URL: %s" % url)
    try:
        with urlopen(Request(url, data=body, method="PUT", headers={"content-type": ""})) as answer:
            print("Status code:", answer.status)
    except Exception as e:
        print("send(..) failed executing http.request(..):", e)
