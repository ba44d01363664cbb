/* Private to graph/: strongly connected components of a finished graph (node.component). */
#ifndef SFLINT_GRAPH_PATHS_H
#define SFLINT_GRAPH_PATHS_H

#include "graph/graph.h"

void graph_components(graph *g);

#endif
