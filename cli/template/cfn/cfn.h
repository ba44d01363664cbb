/* The CloudFormation reader, for the table of formats and for formats that are lowered to CloudFormation. */
#ifndef SFLINT_TEMPLATE_CFN_CFN_H
#define SFLINT_TEMPLATE_CFN_CFN_H

#include "template/template.h"

typedef struct {
    /* Is this the id of something that the format makes later on? References to it are then unknown, not wrong. NULL: none. */
    bool (*made_later)(const void *self, slice id);
    const void *self;
    /* After a resource is read, before its values are: lets a format mark what it made (generated, event_name). NULL: nothing. */
    void (*marked)(const void *self, resource *r);
} cfn_options;

bool cfn_detect(const doc_node *doc, slice path);

/* The document with Fn::ForEach unrolled and AWS::Include of local files put in; the same one when there is nothing to do.
 * Formats that are lowered do this first (AWS::LanguageExtensions comes before AWS::Serverless). */
const doc_node *cfn_expand(template *t, const doc_node *doc, diags *d);

/* Fills t from a document that was expanded. */
bool cfn_read(template *t, const doc_node *expanded, const cfn_options *o, diags *d);

/* The whole reader, as the table of formats wants it. */
bool cfn_read_format(template *t, diags *d);

/* The entry of Transform that starts with the name ("AWS::Serverless-"), or NULL. */
const doc_node *cfn_transform(const doc_node *doc, slice name);

#endif
