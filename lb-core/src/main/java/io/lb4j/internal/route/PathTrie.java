package io.lb4j.internal.route;

import io.lb4j.http.RequestHead;
import io.lb4j.model.PathPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Templates and prefixes, segment by segment. A search visits as many nodes as the path has segments, and both branches where a literal
 * and a variable fit; how many patterns there are makes no difference. Immutable.
 */
final class PathTrie<T> {
    private final RegionTable<PathTrie<T>> literals;
    private final @Nullable PathTrie<T> variable;
    private final List<Candidate<T>> closed;
    private final List<Candidate<T>> open;

    private PathTrie(Draft<T> draft) {
        Map<String, PathTrie<T>> children = new HashMap<>();
        draft.literals.forEach((text, child) -> children.put(text, new PathTrie<>(child)));
        this.literals = new RegionTable<>(children, false);
        this.variable = draft.variable == null ? null : new PathTrie<>(draft.variable);
        this.closed = Buckets.sorted(draft.closed);
        this.open = Buckets.sorted(draft.open);
    }

    /** A trie that is being filled. */
    static final class Draft<T> {
        private final Map<String, Draft<T>> literals = new HashMap<>();
        private final List<Candidate<T>> closed = new ArrayList<>();
        private final List<Candidate<T>> open = new ArrayList<>();
        private @Nullable Draft<T> variable;

        void add(PathPattern pattern, Candidate<T> candidate) {
            Draft<T> node = this;
            for (PathPattern.Segment segment : pattern.segments()) {
                node = segment.variable()
                        ? node.variable()
                        : node.literals.computeIfAbsent(Buckets.canonical(segment.text()), text -> new Draft<>());
            }
            (pattern.isOpen() ? node.open : node.closed).add(candidate);
        }

        private Draft<T> variable() {
            Draft<T> known = variable;
            if (known == null) {
                known = new Draft<>();
                variable = known;
            }
            return known;
        }

        PathTrie<T> build() {
            return new PathTrie<>(this);
        }
    }

    /**
     * Returns the best template without an open end that fits: of two, the one with a literal where they first differ.
     *
     * @param start where the segment that is next begins; behind the end if there is none
     */
    @Nullable Candidate<T> findClosed(RequestHead head, int start, int end, Probe<T> probe) {
        if (start > end) {
            return closed.isEmpty() ? null : probe.choose(closed, head);
        }
        String target = head.target();
        int segmentEnd = segmentEnd(target, start, end);
        PathTrie<T> literal = literals.find(target, start, segmentEnd);
        Candidate<T> best = literal == null ? null : literal.findClosed(head, segmentEnd + 1, end, probe);
        if (variable != null && segmentEnd > start) {
            best = Buckets.better(best, variable.findClosed(head, segmentEnd + 1, end, probe));
        }
        return best;
    }

    /** Returns the best pattern with an open end that fits: the longest, and of two, the one with a literal where they first differ. */
    @Nullable Candidate<T> findOpen(RequestHead head, int start, int end, Probe<T> probe) {
        Candidate<T> best = null;
        if (start <= end) {
            String target = head.target();
            int segmentEnd = segmentEnd(target, start, end);
            PathTrie<T> literal = literals.find(target, start, segmentEnd);
            best = literal == null ? null : literal.findOpen(head, segmentEnd + 1, end, probe);
            if (variable != null && segmentEnd > start) {
                best = Buckets.longer(best, variable.findOpen(head, segmentEnd + 1, end, probe));
            }
        }
        return open.isEmpty() ? best : Buckets.better(best, probe.choose(open, head));
    }

    private static int segmentEnd(String target, int start, int end) {
        int slash = target.indexOf('/', start);
        return slash < 0 || slash > end ? end : slash;
    }
}
