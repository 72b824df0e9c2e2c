package io.lb4j.exchange;

/**
 * Names something that is kept with an exchange. Two keys are the same only if they are the same object, so that extensions cannot
 * come into each other's way.
 *
 * @param <T> the type of what is kept
 */
public final class AttributeKey<T> {
    private final String name;
    private final Class<T> type;

    private AttributeKey(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    /**
     * Creates a key.
     *
     * @param name for people to read
     * @param type what may be kept under it
     */
    public static <T> AttributeKey<T> of(String name, Class<T> type) {
        return new AttributeKey<>(name, type);
    }

    /** Returns the type of what may be kept under the key. */
    public Class<T> type() {
        return type;
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
