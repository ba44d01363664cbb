/* Everything that input controls has a limit here, an error that names it, and a test at the limit and one past it. */
#ifndef SFLINT_DOC_LIMITS_H
#define SFLINT_DOC_LIMITS_H

#define DOC_MAX_BYTES      (64u * 1024 * 1024)   /* one file; CloudFormation itself takes 1 MB from S3 */
#define DOC_MAX_DEPTH      64                    /* mappings and lists inside one another, short tags included */
#define DOC_MAX_NODES      (8u * 1024 * 1024)    /* nodes of one document */
#define DOC_MAX_KEY_BYTES  4096                  /* one key */
#define DOC_MAX_MERGED     (1u * 1024 * 1024)    /* entries that merge keys (<<) bring into one document */
#define DOC_MAX_ANCHORS    16384                 /* anchors (&name) of one document */
#define DOC_MAX_DUPLICATES 1000                  /* duplicate keys that are named one by one; the rest is counted */
#define DOC_MAX_DIRECTIVES 64                    /* lines that begin with % before the document */

#endif
