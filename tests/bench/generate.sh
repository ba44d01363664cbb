#!/bin/sh
# Writes a template of about N resources to standard output: services of five resources each (queue, dead-letter queue, mapping, function, role).
# usage: generate.sh N
awk -v n="$1" 'BEGIN {
    print "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:"
    for (i = 0; i * 5 < n; i++) {
        printf "  Queue%d:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 60\n", i
        printf "      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt Dead%d.Arn\n        maxReceiveCount: 5\n", i
        printf "  Dead%d:\n    Type: AWS::SQS::Queue\n    Properties:\n      MessageRetentionPeriod: 1209600\n", i
        printf "  Mapping%d:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n", i
        printf "      EventSourceArn: !GetAtt Queue%d.Arn\n      FunctionName: !Ref Function%d\n      BatchSize: 10\n", i, i
        printf "      FunctionResponseTypes: [ReportBatchItemFailures]\n"
        printf "  Function%d:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n      Handler: a.b\n", i
        printf "      Timeout: 10\n      MemorySize: 256\n      Role: !GetAtt Role%d.Arn\n      Code: {S3Bucket: code, S3Key: a.zip}\n", i
        printf "      Environment:\n        Variables:\n          NEXT: !Ref Queue%d\n", (i + 1) * 5 < n ? i + 1 : 0
        printf "  Role%d:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n", i
        printf "          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: \"sts:AssumeRole\"}\n"
        printf "      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Statement:\n"
        printf "              - {Effect: Allow, Action: [\"sqs:ReceiveMessage\", \"sqs:DeleteMessage\", \"sqs:GetQueueAttributes\"], Resource: !GetAtt Queue%d.Arn}\n", i
        printf "              - {Effect: Allow, Action: \"sqs:SendMessage\", Resource: !GetAtt Queue%d.Arn}\n", (i + 1) * 5 < n ? i + 1 : 0
    }
}'
