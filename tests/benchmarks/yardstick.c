/* What no search of one thread can beat, and a plain search beside it.

   Streets are compressed rows: the arcs of node i are first[i] .. first[i + 1] - 1, each with its far node and metres.
   Every function fills walk (metres, INFINITY where nothing is reached) and site (number of the source, -1 for none). */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static void begin(int32_t nodes, int32_t sources, const uint32_t *source, const double *start, double *walk, int32_t *site)
{
    for (int32_t i = 0; i < nodes; i++) {
        walk[i] = INFINITY;
        site[i] = -1;
    }
    for (int32_t i = 0; i < sources; i++)
        if (start[i] < walk[source[i]]) {
            walk[source[i]] = start[i];
            site[source[i]] = i;
        }
}

/* The lower bound: the order in which nodes settle is given away, so no queue is kept and every arc is looked at once. */
void in_given_order(int32_t nodes, const uint32_t *first, const uint32_t *to, const double *metres, int32_t sources,
                    const uint32_t *source, const double *start, int32_t settled, const uint32_t *order, double *walk,
                    int32_t *site)
{
    begin(nodes, sources, source, start, walk, site);
    for (int32_t i = 0; i < settled; i++) {
        const uint32_t here = order[i];
        const double so_far = walk[here];
        const int32_t from = site[here];
        for (uint32_t arc = first[here]; arc < first[here + 1]; arc++) {
            const double reached = so_far + metres[arc];
            if (reached < walk[to[arc]]) {
                walk[to[arc]] = reached;
                site[to[arc]] = from;
            }
        }
    }
}

struct label {
    double metres;
    uint32_t node;
};

struct heap {
    struct label *at;
    int64_t count, room;
};

static int push(struct heap *heap, double metres, uint32_t node)
{
    if (heap->count == heap->room) {
        struct label *more = realloc(heap->at, 2 * heap->room * sizeof *more);
        if (!more)
            return 0;
        heap->at = more;
        heap->room *= 2;
    }
    int64_t place = heap->count++;
    while (place > 0 && heap->at[(place - 1) / 4].metres > metres) {
        heap->at[place] = heap->at[(place - 1) / 4];
        place = (place - 1) / 4;
    }
    heap->at[place] = (struct label){metres, node};
    return 1;
}

static struct label pop(struct heap *heap)
{
    const struct label top = heap->at[0], last = heap->at[--heap->count];
    int64_t place = 0;
    for (;;) {
        const int64_t below = 4 * place + 1;
        if (below >= heap->count)
            break;
        const int64_t end = below + 4 < heap->count ? below + 4 : heap->count;
        int64_t least = below;
        for (int64_t child = below + 1; child < end; child++)
            if (heap->at[child].metres < heap->at[least].metres)
                least = child;
        if (heap->at[least].metres >= last.metres)
            break;
        heap->at[place] = heap->at[least];
        place = least;
    }
    if (heap->count > 0)
        heap->at[place] = last;
    return top;
}

/* Dijkstra's search with a heap of four branches; 0 when memory runs out. */
int by_heap(int32_t nodes, const uint32_t *first, const uint32_t *to, const double *metres, int32_t sources,
            const uint32_t *source, const double *start, double *walk, int32_t *site)
{
    struct heap heap = {malloc(4096 * sizeof(struct label)), 0, 4096};
    int held = heap.at != NULL;
    begin(nodes, sources, source, start, walk, site);
    for (int32_t i = 0; held && i < sources; i++)
        if (site[source[i]] == i)
            held = push(&heap, start[i], source[i]);
    while (held && heap.count > 0) {
        const struct label here = pop(&heap);
        if (here.metres > walk[here.node])
            continue;
        for (uint32_t arc = first[here.node]; arc < first[here.node + 1]; arc++) {
            const double reached = here.metres + metres[arc];
            if (reached < walk[to[arc]]) {
                walk[to[arc]] = reached;
                site[to[arc]] = site[here.node];
                if (!push(&heap, reached, to[arc])) {
                    held = 0;
                    break;
                }
            }
        }
    }
    free(heap.at);
    return held;
}
