printf 'Resources:\n  Orders:\n    Type: AWS::SQS\000::Queue\n' > template.yaml
