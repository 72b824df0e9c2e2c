package io.lb4j.internal.route;

import io.lb4j.http.RequestHead;
import io.lb4j.model.PathPattern;
import io.lb4j.model.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of one host, or of one wildcard, by their paths. Immutable. */
final class HostTable<T> {
    private final RegionTable<List<Candidate<T>>> exact;
    private final PathTrie<T> trie;
    private final List<RegexBucket<T>> regexes;
    private final int maxPriority;

    private HostTable(Draft<T> draft) {
        Map<String, List<Candidate<T>>> paths = new HashMap<>();
        draft.exact.forEach((path, bucket) -> paths.put(path, Buckets.sorted(bucket)));
        this.exact = new RegionTable<>(paths, false);
        this.trie = draft.trie.build();
        List<RegexBucket<T>> buckets = new ArrayList<>();
        draft.regexes.forEach((regex, bucket) -> buckets.add(new RegexBucket<>(regex, Buckets.sorted(bucket))));
        this.regexes = List.copyOf(buckets);
        this.maxPriority = draft.maxPriority;
    }

    private record RegexBucket<T>(Regex regex, List<Candidate<T>> candidates) {}

    /** A table that is being filled. */
    static final class Draft<T> {
        private final Map<String, List<Candidate<T>>> exact = new HashMap<>();
        private final PathTrie.Draft<T> trie = new PathTrie.Draft<>();
        private final Map<Regex, List<Candidate<T>>> regexes = new LinkedHashMap<>();
        private int maxPriority = Integer.MIN_VALUE;

        void add(Candidate<T> candidate) {
            PathPattern path = candidate.route().path();
            maxPriority = Math.max(maxPriority, candidate.priority());
            switch (path.kind()) {
                case EXACT ->
                    exact.computeIfAbsent(
                                    "/" + Buckets.canonical(path.toString().substring(1)), any -> new ArrayList<>())
                            .add(candidate);
                case PREFIX, TEMPLATE -> trie.add(path, candidate);
                case REGEX ->
                    regexes.computeIfAbsent(path.regex().orElseThrow(), any -> new ArrayList<>())
                            .add(candidate);
            }
        }

        HostTable<T> build() {
            return new HostTable<>(this);
        }
    }

    int maxPriority() {
        return maxPriority;
    }

    /**
     * Returns the best route of this host that the probe agrees to: exact path, template, longest open end, expressions in their order.
     *
     * @param end where the path ends in the target
     */
    @Nullable Candidate<T> find(RequestHead head, int end, Probe<T> probe) {
        List<Candidate<T>> bucket = exact.find(head.target(), 0, end);
        Candidate<T> best = bucket == null ? null : probe.choose(bucket, head);
        if (isBest(best)) {
            return best;
        }
        boolean asterisk = head.target().charAt(0) != '/';
        best = asterisk ? best : Buckets.better(best, trie.findClosed(head, 1, end, probe));
        if (isBest(best)) {
            return best;
        }
        // The target * is no path: it belongs to the routes that serve all of them.
        best = Buckets.better(best, trie.findOpen(head, asterisk ? end + 1 : 1, end, probe));
        return isBest(best) || regexes.isEmpty() ? best : findRegex(head, best, probe);
    }

    private boolean isBest(@Nullable Candidate<T> candidate) {
        return candidate != null && candidate.priority() == maxPriority;
    }

    private @Nullable Candidate<T> findRegex(RequestHead head, @Nullable Candidate<T> found, Probe<T> probe) {
        Candidate<T> best = found;
        String path = head.path();
        for (int i = 0; i < regexes.size() && !isBest(best); i++) {
            RegexBucket<T> bucket = regexes.get(i);
            if (bucket.regex().pattern().matcher(path).matches()) {
                best = Buckets.better(best, probe.choose(bucket.candidates(), head));
            }
        }
        return best;
    }
}
