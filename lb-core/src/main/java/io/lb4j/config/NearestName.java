package io.lb4j.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the valid name that a mistyped one was probably meant to be. */
final class NearestName {
    /** A name longer than this is not worth the square of its length. */
    private static final int MAX_LENGTH = 100;

    private NearestName() {}

    /** Returns the closest name by edit distance, if at most a third of it (and one letter in any case) would have to change. */
    static Optional<String> of(String seen, Collection<String> valid) {
        if (seen.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String name : valid) {
            int distance = distance(simplify(seen), simplify(name));
            if (name.length() <= MAX_LENGTH && distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return bestDistance <= Math.max(1, best.length() / 3) ? Optional.of(best) : Optional.empty();
    }

    /** {@code maxIdle} and {@code max-idle} are no mistake in {@code max_idle} worth counting. */
    private static String simplify(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_').replace("_", "");
    }

    /** The optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitution, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] reused = beforeLast;
            beforeLast = last;
            last = row;
            row = reused;
        }
        return last[b.length()];
    }
}
