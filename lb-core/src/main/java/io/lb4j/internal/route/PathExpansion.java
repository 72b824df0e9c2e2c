package io.lb4j.internal.route;

import io.lb4j.model.PathPattern;
import io.lb4j.model.PathTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a path of a template and of what a pattern has matched. Immutable. */
final class PathExpansion {
    private static final String REST = "**";

    private final List<PathTemplate.Piece> pieces;
    private final Map<String, Integer> segments = new HashMap<>();
    private final int length;

    PathExpansion(PathTemplate template, PathPattern pattern) {
        this.pieces = template.pieces();
        this.length = pattern.segments().size();
        for (int i = 0; i < length; i++) {
            PathPattern.Segment segment = pattern.segments().get(i);
            if (segment.variable()) {
                segments.put(segment.text(), i);
            }
        }
    }

    /** Returns the path that the template makes of a path that the pattern matches. */
    String expand(String path) {
        StringBuilder expanded = new StringBuilder();
        for (PathTemplate.Piece piece : pieces) {
            expanded.append(piece.variable() ? valueOf(piece.text(), path) : piece.text());
        }
        return expanded.toString();
    }

    private String valueOf(String variable, String path) {
        if (variable.equals(REST)) {
            String rest = rest(path, length);
            return rest.isEmpty() ? rest : rest.substring(1);
        }
        String fromSegment = rest(path, segments.getOrDefault(variable, 0));
        if (fromSegment.isEmpty()) {
            // A filter has changed the path since it was matched.
            return fromSegment;
        }
        int slash = fromSegment.indexOf('/', 1);
        return fromSegment.substring(1, slash < 0 ? fromSegment.length() : slash);
    }

    /** Returns what stands behind a number of segments, with the slash it begins with; empty if nothing does. */
    static String rest(String path, int segments) {
        int end = 0;
        for (int i = 0; i < segments; i++) {
            int slash = path.indexOf('/', end + 1);
            if (slash < 0) {
                return "";
            }
            end = slash;
        }
        return path.substring(end);
    }
}
