package io.lb4j.plugins.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of HTTP (RFC 9110 §5.6.7), in the three formats and in no other. */
final class HttpDate {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final String DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
    private static final String LONG_DAY = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
    private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
    private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
    private static final List<Pattern> FORMATS = List.of(
            format(DAY + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " gmt"),
            format(LONG_DAY + ", (?<day>\\d\\d)-" + MONTH + "-(?<year>\\d\\d) " + TIME + " gmt"),
            format(DAY + " " + MONTH + " (?<day>\\d\\d| \\d) " + TIME + " (?<year>\\d{4})"));
    private static final DateTimeFormatter PREFERRED = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int CENTURY = 100;
    private static final int NEAR_YEARS = 50;

    private HttpDate() {}

    private static Pattern format(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /**
     * Reads a date.
     *
     * @param nowSeconds since 1970, for years of two digits: one that would be more than 50 years ahead is in the past
     * @return seconds since 1970; empty if it is no date
     */
    static Optional<Long> parse(String text, long nowSeconds) {
        for (Pattern format : FORMATS) {
            Matcher matcher = format.matcher(text);
            if (matcher.matches()) {
                return read(matcher, nowSeconds);
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> read(Matcher matcher, long nowSeconds) {
        int year = number(matcher, "year");
        if (matcher.group("year").length() == 2) {
            int thisYear =
                    Instant.ofEpochSecond(nowSeconds).atZone(ZoneOffset.UTC).getYear();
            year += thisYear - thisYear % CENTURY;
            year -= year > thisYear + NEAR_YEARS ? CENTURY : 0;
        }
        int month = MONTHS.indexOf(matcher.group("month").toLowerCase(Locale.ROOT)) + 1;
        try {
            return Optional.of(LocalDateTime.of(
                            year,
                            month,
                            number(matcher, "day"),
                            number(matcher, "hour"),
                            number(matcher, "minute"),
                            number(matcher, "second"))
                    .toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty(); // the 30th of February is no date
        }
    }

    private static int number(Matcher matcher, String group) {
        return Integer.parseInt(matcher.group(group).strip());
    }

    /** Writes a date in the preferred format. */
    static String format(long epochSeconds) {
        return PREFERRED.format(Instant.ofEpochSecond(epochSeconds));
    }
}
