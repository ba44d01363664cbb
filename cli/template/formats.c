/* The table of formats: one line a format, the first that says yes reads the template. */
#include "template/cfn/cfn.h"
#include "template/sam/sam.h"

static const template_format formats[] = {
    { SLICE_INIT("sam"), sam_detect, sam_read },
    { SLICE_INIT("cfn"), cfn_detect, cfn_read_format },
};

const template_format *template_detect(const doc_node *doc, slice path) {
    for (size_t i = 0; i < COUNT(formats); i++)
        if (formats[i].detect(doc, path)) return &formats[i];
    return NULL;
}
