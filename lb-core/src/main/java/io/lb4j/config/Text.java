package io.lb4j.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How durations, sizes and foreign text are written in a configuration. Nothing here counts in {@link java.math.BigDecimal}, as some of {@link Duration}'s own
 * methods do: from JDK 22 on its start takes 20 ms of the program's.
 */
final class Text {
    private static final int QUOTED_LENGTH = 80;
    private static final long NANOS_OF_A_SECOND = 1_000_000_000;
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,12}(?:ms|us|ns|s|m|h|d)\\s*)+");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+)([a-z]+)");
    private static final Map<String, Long> NANOS = unitsOfTime();
    private static final Map<String, Long> OCTETS = unitsOfSize();

    private Text() {}

    /** Returns foreign text between quotation marks, control characters escaped, cut where it is long: fit for a message. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), QUOTED_LENGTH); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(text.length() > QUOTED_LENGTH ? "…\"" : "\"").toString();
    }

    /** Returns a noun of English behind "a" or "an". */
    static String withArticle(String noun) {
        return (noun.matches("[aeiou].*") ? "an " : "a ") + noun;
    }

    /** Reads {@code 30s}, {@code 1h30m}, {@code 250ms}. */
    static Duration duration(String text) {
        String trimmed = text.strip();
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        if (!DURATION.matcher(trimmed).matches()) {
            throw new IllegalArgumentException("a duration such as 30s or 1h30m");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(trimmed);
        while (part.find()) {
            long times = Long.parseLong(part.group(1));
            long size = unit(NANOS, part.group(2));
            sum = size >= NANOS_OF_A_SECOND
                    ? sum.plusSeconds(times * (size / NANOS_OF_A_SECOND)) // twelve digits of days are few enough
                    : sum.plusNanos(times * size);
        }
        return sum;
    }

    /** Writes a duration so that {@link #duration} reads it back. */
    static String duration(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long seconds = duration.getSeconds();
        long nanos = duration.getNano();
        if (seconds < 0 && nanos > 0) { // both parts have the sign of the whole
            seconds++;
            nanos -= NANOS_OF_A_SECOND;
        }
        for (Map.Entry<String, Long> unit : NANOS.entrySet()) {
            long size = unit.getValue();
            long times = size >= NANOS_OF_A_SECOND ? seconds / (size / NANOS_OF_A_SECOND) : nanos / size;
            if (times != 0) {
                text.append(times).append(unit.getKey());
            }
            if (size >= NANOS_OF_A_SECOND) {
                seconds %= size / NANOS_OF_A_SECOND;
            } else {
                nanos %= size;
            }
        }
        return text.toString();
    }

    /** Reads {@code 16MiB}, {@code 64kB}, {@code 500} as a number of octets; kB and MB are powers of ten, KiB and MiB of two. */
    static long size(String text) {
        Matcher amount = AMOUNT.matcher(text.strip());
        if (!amount.matches()) {
            throw new IllegalArgumentException("a size such as 64KiB or 16MiB");
        }
        return Math.multiplyExact(Long.parseLong(amount.group(1)), unit(OCTETS, amount.group(2)));
    }

    /** Writes a size so that {@link #size} reads it back, in the largest power of 1,024 that divides it. */
    static String size(long octets) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        long amount = octets;
        int unit = 0;
        while (amount != 0 && amount % 1024 == 0 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return amount + units[unit];
    }

    private static long unit(Map<String, Long> units, String name) {
        Long amount = units.get(name);
        if (amount == null) {
            throw new IllegalArgumentException("a unit: one of " + String.join(", ", units.keySet()));
        }
        return amount;
    }

    private static Map<String, Long> unitsOfTime() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("d", Duration.ofDays(1).toNanos());
        units.put("h", Duration.ofHours(1).toNanos());
        units.put("m", Duration.ofMinutes(1).toNanos());
        units.put("s", Duration.ofSeconds(1).toNanos());
        units.put("ms", Duration.ofMillis(1).toNanos());
        units.put("us", 1_000L);
        units.put("ns", 1L);
        return units;
    }

    private static Map<String, Long> unitsOfSize() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("", 1L);
        units.put("B", 1L);
        long binary = 1;
        long decimal = 1;
        for (String prefix : new String[] {"K", "M", "G", "T"}) {
            binary *= 1024;
            decimal *= 1000;
            units.put(prefix + "iB", binary);
            units.put(prefix.equals("K") ? "kB" : prefix + "B", decimal);
        }
        return units;
    }
}
