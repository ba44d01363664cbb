unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git init -q . && git config user.email tests@localhost && git config user.name tests
mkdir -p nested
queue='Resources: {Jobs: {Type: AWS::SQS::Queue}}'
echo "$queue" > same.yaml
echo "$queue" > 'with blank.yaml'
echo "$queue" > nested/jobs.yaml
echo 'Resources: {Jobs: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/jobs.yaml}}}' > outer.yaml
git add -A && git commit -q -m one
echo '# changed' >> 'with blank.yaml'
echo '# changed' >> nested/jobs.yaml
echo "$queue" > new.yaml
git add -A && git commit -q -m two
