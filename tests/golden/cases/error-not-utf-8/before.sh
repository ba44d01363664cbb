printf 'Resources:\n  Orders:\n    Type: "AWS::SQS::\377Queue"\n' > template.yaml
