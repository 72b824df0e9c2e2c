package io.lb4j.config;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The types that options are declared with. */
public final class OptionTypes {
    /** The longest duration that an option takes: a year. */
    public static final Duration LONGEST = Duration.ofDays(365);

    private OptionTypes() {}

    /** Any text that is not blank. */
    public static ScalarType<String> string(String expected) {
        return new ScalarType<>(String.class, ScalarType.Json.STRING, expected, text -> text, text -> text)
                .where(text -> !text.isBlank() && text.chars().noneMatch(Character::isISOControl), expected);
    }

    /** A name: letters, digits, {@code _ . -}, at most 128 of them, the first one a letter or a digit. */
    public static ScalarType<String> name() {
        return string("a name")
                .where(
                        text -> text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"),
                        "a name of letters, digits, _, . and -");
    }

    /** A whole number in a range, both ends allowed. */
    public static ScalarType<Integer> integer(int min, int max) {
        String expected = max == Integer.MAX_VALUE ? ">= " + min : min + ".." + max;
        return new ScalarType<>(Integer.class, ScalarType.Json.INTEGER, expected, Integer::valueOf, Object::toString)
                .where(value -> value >= min && value <= max, expected);
    }

    /** A whole number that is not below a minimum. */
    public static ScalarType<Long> longInteger(long min) {
        String expected = ">= " + min;
        return new ScalarType<>(Long.class, ScalarType.Json.INTEGER, expected, Long::valueOf, Object::toString)
                .where(value -> value >= min, expected);
    }

    /** {@code true} or {@code false}. */
    public static ScalarType<Boolean> bool() {
        String expected = "true or false";
        Function<String, Boolean> parser = text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(expected);
        };
        return new ScalarType<>(Boolean.class, ScalarType.Json.BOOLEAN, expected, parser, Object::toString);
    }

    /** A duration such as {@code 30s}, {@code 250ms} or {@code 1h30m}, from a minimum to {@link #LONGEST}. */
    public static ScalarType<Duration> duration(Duration min) {
        String expected =
                (min.isZero() ? "a duration" : "a duration >= " + Text.duration(min)) + " such as 30s or 1h30m";
        return new ScalarType<>(Duration.class, ScalarType.Json.STRING, expected, Text::duration, Text::duration)
                .where(value -> value.compareTo(min) >= 0, expected)
                .butOnly(value -> value.compareTo(LONGEST) <= 0, "at most " + Text.duration(LONGEST));
    }

    /** A number of octets such as {@code 500}, {@code 64KiB} or {@code 16MiB}, in a range with both ends allowed. */
    public static ScalarType<Long> size(long min, long max) {
        String bounds = max == Long.MAX_VALUE ? ">= " + Text.size(min) : Text.size(min) + ".." + Text.size(max);
        String expected = "a size " + bounds + " such as 64KiB";
        return new ScalarType<>(Long.class, ScalarType.Json.STRING, expected, Text::size, Text::size)
                .where(value -> value >= min && value <= max, expected);
    }

    /** A share from 0 to 1, written {@code 0.2} or {@code 20%}. */
    public static ScalarType<Double> ratio() {
        String expected = "a share such as 20% or 0.2, 0%..100%";
        return new ScalarType<>(
                        Double.class,
                        ScalarType.Json.STRING,
                        expected,
                        OptionTypes::parseRatio,
                        OptionTypes::writeRatio)
                .where(value -> value >= 0 && value <= 1, expected);
    }

    /** A number that is not negative, such as {@code 1.9}. */
    public static ScalarType<Double> decimal() {
        String expected = "a number >= 0 such as 1.9";
        Function<String, Double> parser = text -> new BigDecimal(text.strip()).doubleValue();
        return new ScalarType<>(Double.class, ScalarType.Json.STRING, expected, parser, Object::toString)
                .where(value -> value >= 0 && !value.isInfinite() && !value.isNaN(), expected);
    }

    /** One of an enum's constants, written in lower case. */
    public static <E extends Enum<E>> ScalarType<E> oneOf(Class<E> constants) {
        return choice(constants, value -> value.name().toLowerCase(Locale.ROOT));
    }

    /** One of an enum's constants, written as the function says; read whatever its case. */
    public static <E extends Enum<E>> ScalarType<E> choice(Class<E> constants, Function<E, String> writer) {
        List<String> texts =
                Arrays.stream(constants.getEnumConstants()).map(writer).toList();
        String expected = "one of " + String.join(", ", texts);
        Function<String, E> parser = text -> {
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).equalsIgnoreCase(text)) {
                    return constants.getEnumConstants()[i];
                }
            }
            throw new IllegalArgumentException(expected);
        };
        return new ScalarType<>(constants, ScalarType.Json.STRING, expected, parser, writer).withChoices(texts);
    }

    /**
     * A value of any class that can be written as text.
     *
     * @param expected what the text looks like
     * @param parser throws {@link IllegalArgumentException} for a text that is not valid, its message saying what was expected in detail
     * @param writer gives the text that the parser reads back
     */
    public static <T> ScalarType<T> text(
            Class<T> valueClass, String expected, Function<String, T> parser, Function<T, String> writer) {
        return new ScalarType<>(valueClass, ScalarType.Json.STRING, expected, parser, writer);
    }

    /** A file that can be read. */
    public static ScalarType<Path> file() {
        String expected = "a file that can be read";
        return new ScalarType<>(Path.class, ScalarType.Json.STRING, expected, Path::of, Path::toString)
                .where(file -> Files.isRegularFile(file) && Files.isReadable(file), expected);
    }

    /** A directory that can be written to. */
    public static ScalarType<Path> directory() {
        String expected = "a directory that can be written to";
        return new ScalarType<>(Path.class, ScalarType.Json.STRING, expected, Path::of, Path::toString)
                .where(directory -> Files.isDirectory(directory) && Files.isWritable(directory), expected);
    }

    /** A bound: a value of the type, or {@code unlimited}. */
    public static <T> LimitType<T> limit(ScalarType<T> bound) {
        return new LimitType<>(bound);
    }

    /** A list. */
    public static <E> ListType<E> list(OptionType<E> element) {
        return new ListType<>(element);
    }

    /**
     * A map.
     *
     * @param keys what the keys are: {@code names}
     */
    public static <V> OptionType<Map<String, V>> map(String keys, ScalarType<V> value) {
        return new MapType<>(keys, value);
    }

    /** A nested section. */
    public static SectionType section(Section section) {
        return new SectionType(section);
    }

    /** A list of sections; where they have a name, one that is not set is the section's name with a number. */
    public static ListType<Settings> sections(Section section) {
        return new ListType<>(new SectionType(section));
    }

    /** A tree of settings whose options only their reader knows. */
    public static TreeType tree() {
        return new TreeType();
    }

    /** A part that is code. */
    public static PartType part(String kind) {
        return new PartType(kind, null);
    }

    /**
     * A part that is code.
     *
     * @param usual what it is called where a file gives settings and no type
     */
    public static PartType part(String kind, String usual) {
        return new PartType(kind, usual);
    }

    private static double parseRatio(String text) {
        String trimmed = text.strip();
        if (trimmed.endsWith("%")) {
            String percent = trimmed.substring(0, trimmed.length() - 1).strip();
            return new BigDecimal(percent).movePointLeft(2).doubleValue();
        }
        return new BigDecimal(trimmed).doubleValue();
    }

    private static String writeRatio(double ratio) {
        if (Double.isNaN(ratio) || Double.isInfinite(ratio)) {
            return Double.toString(ratio);
        }
        return BigDecimal.valueOf(ratio).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
