package io.lb4j.model;

/**
 * A range of status codes, {@code 200} or {@code 200-299}. Immutable.
 *
 * @param first the lowest, from 100
 * @param last the highest, up to 599
 */
public record StatusRange(int first, int last) {
    /** All that say success. */
    public static final StatusRange SUCCESSFUL = new StatusRange(200, 299);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if they are out of range or in the wrong order
     */
    public StatusRange {
        if (first < 100 || last > 599 || first > last) {
            throw new IllegalArgumentException("a status or a range of 100..599, such as 200-299");
        }
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static StatusRange of(String text) {
        if (!text.matches("\\d{3}(-\\d{3})?")) {
            throw new IllegalArgumentException("a status or a range of 100..599, such as 200-299");
        }
        int first = Integer.parseInt(text.substring(0, 3));
        return new StatusRange(first, text.length() == 3 ? first : Integer.parseInt(text.substring(4)));
    }

    /** Returns whether a status is in the range. */
    public boolean contains(int status) {
        return status >= first && status <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
