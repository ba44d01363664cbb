/* Queues as services and mappings see them: order, groups, visibility, duplicates, redrive. */
#include "flow_fixture.h"

static const char *const queues =
    "Resources:\n"
    "  Plain: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 10, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}\n"
    "  Dead: {Type: AWS::SQS::Queue}\n"
    "  Late: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}\n"
    "  Ordered: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, ContentBasedDeduplication: true, VisibilityTimeout: 10}}\n"
    "  PerGroup: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, DeduplicationScope: messageGroup, FifoThroughputLimit: perMessageGroupId}}\n";

static queue_message *add(flows *t, const char *queue, const char *body, const char *group, const char *dedup, int64_t delay_ms) {
    happening_message m = { .body = slice_from(body), .group = slice_from(group), .dedup = slice_from(dedup), .delay_ms = delay_ms };
    return queue_add(t->run, queue_of(t->run, flows_resource(t, queue)), &m, NULL, NULL);
}

/* The bodies that one receive gives, with blanks between. */
static const char *receive(flows *t, const char *queue, size_t most) {
    queue_message *out[10];
    buf b = { .arena = t->graph.arena };
    size_t n = queue_receive(t->run, queue_of(t->run, flows_resource(t, queue)), t->graph.arena, most, -1, out);
    for (size_t i = 0; i < n; i++) buf_printf(&b, "%s%.*s", i > 0 ? " " : "", SLICE_ARG(out[i]->said.body));
    return arena_copy(t->graph.arena, buf_as_slice(&b)).at;
}

static queue_message *stored(flows *t, const char *queue, const char *body) {
    queue_store *q = queue_of(t->run, flows_resource(t, queue));
    for (size_t i = 0; i < q->messages.len; i++)
        if (!q->messages.at[i]->deleted && slice_is(q->messages.at[i]->said.body, body)) return q->messages.at[i];
    return NULL;
}

static void remove_one(flows *t, const char *queue, const char *body) { queue_delete(queue_of(t->run, flows_resource(t, queue)), stored(t, queue, body)); }
static void wait(flows *t, int64_t ms) { t->run->maker.now_ms += ms; }

static void a_received_message_is_invisible_until_its_timeout(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    add(&t, "Plain", "a", "", "", -1);
    add(&t, "Plain", "b", "", "", -1);
    assert_string_equal(receive(&t, "Plain", 1), "a");
    assert_string_equal(receive(&t, "Plain", 10), "b");
    assert_string_equal(receive(&t, "Plain", 10), "");
    remove_one(&t, "Plain", "b");
    wait(&t, 9999);
    assert_string_equal(receive(&t, "Plain", 10), "");
    wait(&t, 1);
    assert_string_equal(receive(&t, "Plain", 10), "a");
    flows_end(&t);
}

static void a_changed_visibility_counts_at_once(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    add(&t, "Plain", "a", "", "", -1);
    assert_string_equal(receive(&t, "Plain", 1), "a");
    assert_string_equal(receive(&t, "Plain", 1), "");
    queue_message *m = queue_by_receipt(queue_of(t.run, flows_resource(&t, "Plain")), stored(&t, "Plain", "a")->receipt);
    assert_non_null(m);
    m->visible_ms = t.run->maker.now_ms;
    assert_string_equal(receive(&t, "Plain", 1), "a");
    flows_end(&t);
}

static void the_receive_after_the_last_moves_a_message_to_the_dead_letter_queue(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    slice id = add(&t, "Plain", "a", "", "", -1)->id;
    for (int i = 0; i < 2; i++) {
        assert_string_equal(receive(&t, "Plain", 1), "a");
        wait(&t, 10000);
    }
    assert_string_equal(receive(&t, "Plain", 1), "");
    queue_message *moved = stored(&t, "Dead", "a");
    assert_non_null(moved);
    assert_true(slice_eq(moved->id, id));
    assert_true(slice_is(moved->dead_letter_source, "arn:aws:sqs:us-east-1:123456789012:Plain"));
    assert_null(stored(&t, "Plain", "a"));
    flows_end(&t);
}

static void delays_are_the_queues_or_the_messages(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    add(&t, "Late", "queue", "", "", -1);
    add(&t, "Late", "own", "", "", 2000);
    add(&t, "Late", "none", "", "", 0);
    assert_string_equal(receive(&t, "Late", 10), "none");
    wait(&t, 2000);
    assert_string_equal(receive(&t, "Late", 10), "own");
    wait(&t, 3000);
    assert_string_equal(receive(&t, "Late", 10), "queue");
    flows_end(&t);
}

static void a_fifo_group_waits_for_what_is_in_flight(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    add(&t, "Ordered", "a1", "a", "", -1);
    add(&t, "Ordered", "a2", "a", "", -1);
    add(&t, "Ordered", "b1", "b", "", -1);
    add(&t, "Ordered", "a3", "a", "", -1);
    assert_string_equal(receive(&t, "Ordered", 1), "a1");
    assert_string_equal(receive(&t, "Ordered", 10), "b1");
    assert_string_equal(receive(&t, "Ordered", 10), "");
    remove_one(&t, "Ordered", "a1");
    assert_string_equal(receive(&t, "Ordered", 10), "a2 a3");
    /* a2 comes back at once; a3, in flight behind it, does not hold it back, and a4 stays behind both */
    add(&t, "Ordered", "a4", "a", "", -1);
    stored(&t, "Ordered", "a2")->visible_ms = t.run->maker.now_ms;
    assert_string_equal(receive(&t, "Ordered", 10), "a2");
    flows_end(&t);
}

static void a_fifo_duplicate_is_taken_once_in_five_minutes(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    assert_non_null(add(&t, "Ordered", "same", "a", "", -1));
    assert_null(add(&t, "Ordered", "same", "b", "", -1));          /* content-based, over all groups */
    assert_non_null(add(&t, "Ordered", "same", "a", "id", -1));
    assert_string_equal(receive(&t, "Ordered", 1), "same");
    remove_one(&t, "Ordered", "same");
    assert_null(add(&t, "Ordered", "same", "a", "", -1));          /* also after it was deleted */
    wait(&t, 5 * 60 * 1000);
    assert_non_null(add(&t, "Ordered", "same", "a", "", -1));
    assert_non_null(add(&t, "PerGroup", "x", "a", "1", -1));
    assert_non_null(add(&t, "PerGroup", "x", "b", "1", -1));
    assert_null(add(&t, "PerGroup", "x", "b", "1", -1));
    flows_end(&t);
}

static void a_queue_that_is_full_takes_no_more_but_deleted_messages_make_room(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    queue_store *q = queue_of(t.run, flows_resource(&t, "Plain"));
    for (unsigned i = 0; i < QUEUE_MAX_MESSAGES; i++) assert_non_null(add(&t, "Plain", "x", "", "", -1));
    assert_null(add(&t, "Plain", "x", "", "", -1));
    /* all of them are taken in batches of ten without a look at what was taken before */
    queue_message *out[10];
    for (unsigned i = 0; i < QUEUE_MAX_MESSAGES / 10; i++) {
        assert_int_equal(queue_receive(t.run, q, t.graph.arena, 10, -1, out), 10);
        for (unsigned k = 0; k < 10; k++) queue_delete(q, out[k]);
    }
    assert_non_null(add(&t, "Plain", "x", "", "", -1));
    flows_end(&t);
}

static void what_a_run_may_leave_behind_is_limited(void **state) {
    (void)state;
    flows t;
    flows_start(&t, queues, NULL);
    t.run->bytes = SMOKE_MAX_BYTES - 3000;
    assert_non_null(add(&t, "Plain", "x", "", "", -1));
    assert_non_null(add(&t, "Plain", "x", "", "", -1));
    assert_null(add(&t, "Plain", "x", "", "", -1));
    assert_true(t.run->stopped);
    flows_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_received_message_is_invisible_until_its_timeout),
        cmocka_unit_test(a_changed_visibility_counts_at_once),
        cmocka_unit_test(the_receive_after_the_last_moves_a_message_to_the_dead_letter_queue),
        cmocka_unit_test(delays_are_the_queues_or_the_messages),
        cmocka_unit_test(a_fifo_group_waits_for_what_is_in_flight),
        cmocka_unit_test(a_fifo_duplicate_is_taken_once_in_five_minutes),
        cmocka_unit_test(a_queue_that_is_full_takes_no_more_but_deleted_messages_make_room),
        cmocka_unit_test(what_a_run_may_leave_behind_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
