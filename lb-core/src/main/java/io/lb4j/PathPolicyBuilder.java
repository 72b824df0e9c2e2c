package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.PathPolicy;

/** What becomes of paths that servers read in different ways. */
public final class PathPolicyBuilder extends SectionBuilder<PathPolicyBuilder> {
    PathPolicyBuilder(Draft draft) {
        super(draft);
    }

    @Override
    PathPolicyBuilder self() {
        return this;
    }

    /** Sets what becomes of several slashes in a row. Default: they are merged. */
    public PathPolicyBuilder duplicateSlashes(PathPolicy.Slashes policy) {
        return set(PathPolicy.DUPLICATE_SLASHES, policy, "duplicateSlashes");
    }

    /** Sets what becomes of an encoded slash. Default: it is kept. */
    public PathPolicyBuilder encodedSlash(PathPolicy.Ambiguous policy) {
        return set(PathPolicy.ENCODED_SLASH, policy, "encodedSlash");
    }

    /** Sets what becomes of a backslash, encoded or not. Default: it is refused. */
    public PathPolicyBuilder backslash(PathPolicy.Ambiguous policy) {
        return set(PathPolicy.BACKSLASH, policy, "backslash");
    }

    /** Sets what becomes of a semicolon. Default: it is kept. */
    public PathPolicyBuilder semicolon(PathPolicy.Ambiguous policy) {
        return set(PathPolicy.SEMICOLON, policy, "semicolon");
    }
}
