package io.lb4j.testkit.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Header or trailer fields in the order and spelling in which they travelled, looked up without regard to case (RFC
 * 9110 §5.1). Immutable; nothing is checked, so that a test can also send what no peer should.
 */
public final class Fields implements Iterable<Fields.Field> {
    private static final Fields NONE = new Fields(List.of());

    private final List<Field> fields;

    Fields(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /**
     * No fields at all.
     *
     * @return always the same object
     */
    public static Fields none() {
        return NONE;
    }

    /**
     * Fields from names and values in turn.
     *
     * @param namesAndValues name, value, name, value …
     * @return in that order
     * @throws IllegalArgumentException if the last name has no value
     */
    public static Fields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "namesAndValues: " + namesAndValues.length + " strings (expected: an even number)");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Fields(fields);
    }

    /**
     * These fields and one more at the end.
     *
     * @param name the field's name
     * @param value the field's value
     * @return a longer copy
     */
    public Fields and(String name, String value) {
        return and(Fields.of(name, value));
    }

    /**
     * These fields and others at the end.
     *
     * @param others in their order
     * @return a longer copy
     */
    public Fields and(Fields others) {
        List<Field> longer = new ArrayList<>(fields);
        longer.addAll(others.fields);
        return new Fields(longer);
    }

    /**
     * The value of the first field of that name.
     *
     * @param name in any case
     * @return empty if there is none
     */
    public Optional<String> first(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).findFirst();
    }

    /**
     * The values of all fields of that name, in order.
     *
     * @param name in any case
     * @return empty if there is none
     */
    public List<String> all(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }

    /**
     * Whether a field of that name is there.
     *
     * @param name in any case
     * @return true for one or more
     */
    public boolean contains(String name) {
        return fields.stream().anyMatch(field -> field.is(name));
    }

    /**
     * Whether a comma-separated field lists this token, in any case (RFC 9110 §5.6.1).
     *
     * @param name the field, in any case
     * @param token what to look for: {@code close}, {@code chunked}
     * @return true if any field of that name lists it
     */
    public boolean lists(String name, String token) {
        return all(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(element -> element.strip().equalsIgnoreCase(token));
    }

    /**
     * The names as they travelled, in order, with repetitions.
     *
     * @return one name for each field
     */
    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /**
     * How many fields there are.
     *
     * @return zero or more
     */
    public int size() {
        return fields.size();
    }

    /**
     * Whether there are no fields.
     *
     * @return true for none
     */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /**
     * The fields in order.
     *
     * @return immutable
     */
    public List<Field> toList() {
        return fields;
    }

    @Override
    public Iterator<Field> iterator() {
        return fields.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fields that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** The fields as HTTP/1.1 would write them, one a line. */
    @Override
    public String toString() {
        return fields.stream().map(Field::toString).collect(Collectors.joining("\n"));
    }

    /**
     * One field line.
     *
     * @param name as it travelled
     * @param value without the white space around it
     */
    public record Field(String name, String value) {
        boolean is(String otherName) {
            return name.equalsIgnoreCase(otherName);
        }

        @Override
        public String toString() {
            return name + ": " + value;
        }
    }
}
