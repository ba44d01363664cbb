/* What runs code by itself with a role of its own: the role says what it may do. ECS developer guide, "Task IAM role"; Batch, CodeBuild, Glue and App
 * Runner user guides, "Roles"; EC2 user guide, "IAM roles for Amazon EC2". */
#include "service/services.h"
#include "service/target.h"

static void identity_at(builder *b, const resource *r, const char *path) {
    const value *by = value_at(build_arena(b), r->properties, slice_from(path));
    if (build_node(b, r) != NULL && !value_is_absent(by))
        build_identity(b, build_node(b, r), by, r);
}

void ecs_task_definition_edges(builder *b, const resource *r) { identity_at(b, r, "TaskRoleArn"); }
void batch_job_definition_edges(builder *b, const resource *r) { identity_at(b, r, "ContainerProperties.JobRoleArn"); }
void codebuild_project_edges(builder *b, const resource *r) { identity_at(b, r, "ServiceRole"); }
void glue_job_edges(builder *b, const resource *r) { identity_at(b, r, "Role"); }
void apprunner_service_edges(builder *b, const resource *r) { identity_at(b, r, "InstanceConfiguration.InstanceRoleArn"); }

void glue_crawler_edges(builder *b, const resource *r) {
    declared_edges(b, r);
    identity_at(b, r, "Role");
}

/* A service runs its task definition all the time: what the task's role may do, the service does. */
void ecs_service_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const resource *task = build_resource(b, value_get(a, r->properties, SLICE("TaskDefinition")), SLICE("AWS::ECS::TaskDefinition"), NULL);
    if (build_node(b, r) == NULL || task == NULL || !slice_is(task->type, "AWS::ECS::TaskDefinition"))
        return;
    const value *by = value_get(a, task->properties, SLICE("TaskRoleArn"));
    if (!value_is_absent(by))
        build_identity(b, build_node(b, r), by, r);
}

static void instance_role(void *self, const value *v, when w) {
    builder *b = ((void **)self)[0];
    const resource *r = ((void **)self)[1];
    (void)w;
    build_identity(b, build_node(b, r), v, r);
}

void ec2_instance_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const resource *profile = build_resource(b, value_get(a, r->properties, SLICE("IamInstanceProfile")), SLICE("AWS::IAM::InstanceProfile"), NULL);
    void *self[] = { b, (void *)(uintptr_t)r };
    if (build_node(b, r) != NULL && profile != NULL && slice_is(profile->type, "AWS::IAM::InstanceProfile"))
        each_item(b, value_get(a, profile->properties, SLICE("Roles")), r->exists, instance_role, self);
}
