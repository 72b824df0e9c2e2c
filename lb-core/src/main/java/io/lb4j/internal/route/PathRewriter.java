package io.lb4j.internal.route;

import io.lb4j.error.ProxyException;
import io.lb4j.model.PathPattern;
import io.lb4j.model.PathTemplate;
import io.lb4j.model.Rewrite;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Computes the target that a request is forwarded with. The query stays as it is. Immutable and thread-safe.
 *
 * <p>What comes out is canonical again: it begins with exactly one slash, and the same refusals as for requests hold, so that no rewrite
 * makes a path that leads above the root, or a line break.
 */
public final class PathRewriter {
    private final Optional<UnaryOperator<String>> change;
    private final PathNormalizer normalizer;

    /**
     * Compiles a rewrite.
     *
     * @param pattern what the path of the requests matches
     * @param normalizer judges what comes out
     */
    public PathRewriter(Rewrite rewrite, PathPattern pattern, PathNormalizer normalizer) {
        this.change = changeOf(rewrite, pattern);
        this.normalizer = normalizer;
    }

    private static Optional<UnaryOperator<String>> changeOf(Rewrite rewrite, PathPattern pattern) {
        Optional<String> prefix = rewrite.prefix();
        if (prefix.isPresent()) {
            return Optional.of(replacePrefix(prefix.get(), pattern));
        }
        Optional<PathTemplate> template = rewrite.path();
        if (template.isPresent()) {
            return Optional.of(new PathExpansion(template.get(), pattern)::expand);
        }
        if (rewrite.regex().isPresent()) {
            Pattern regex = rewrite.regex().get().pattern();
            String replacement = rewrite.replacement().orElse("");
            return Optional.of(path -> regex.matcher(path).replaceAll(replacement));
        }
        return Optional.empty();
    }

    /** Returns what puts a path in place of the one before the pattern's open end. */
    static UnaryOperator<String> replacePrefix(String prefix, PathPattern pattern) {
        String beginning = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        int segments = pattern.segments().size();
        return path -> beginning + PathExpansion.rest(path, segments);
    }

    /** Returns whether targets are changed at all. */
    public boolean isIdentity() {
        return change.isEmpty();
    }

    /**
     * Returns the target to forward.
     *
     * @param target canonical
     * @throws ProxyException if what comes out is no canonical path and cannot be made one
     */
    public String rewrite(String target) throws ProxyException {
        if (change.isEmpty() || target.charAt(0) != '/') {
            return target;
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question);
        String changed = change.get().apply(path).replace("?", "%3F").replace("#", "%23");
        return normalizer.normalize(withOneSlash(changed)) + query;
    }

    /** Returns the path beginning with exactly one slash: two would make a reference to another host of it (RFC 3986 §4.2). */
    static String withOneSlash(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return start == 1 ? path : "/" + path.substring(start);
    }
}
