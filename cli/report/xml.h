/* XML as text: what JUnit reports share. */
#ifndef SFLINT_REPORT_XML_H
#define SFLINT_REPORT_XML_H

#include "base/buf.h"

/* Text and attribute values. What XML 1.0 has no way to say (control characters, bytes that are no UTF-8) becomes U+FFFD. */
void xml_escaped(buf *out, slice text);
/* ` name="..."` */
void xml_attribute(buf *out, const char *name, slice what);

#endif
