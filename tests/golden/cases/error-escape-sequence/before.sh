printf 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    \"a\\e[31mb\": 1\n    \"a\\e[31mb\": 2\n' > template.yaml
