package io.lb4j.plugins.metrics;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** In which format figures are told: the one that a client likes better (RFC 9110 §12.5.1), Prometheus' own if it does not say. */
final class FigureFormat {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String TEXT = "text/plain";
    private static final Pattern QUALITY = Pattern.compile("\\s*q\\s*=\\s*(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)\\s*");

    private FigureFormat() {}

    /** Returns the media type for what clients say in Accept. */
    static String of(List<String> accepted) {
        String all = String.join(",", accepted).toLowerCase(Locale.ROOT);
        double open = qualityOf(OPEN_METRICS, all);
        return open > 0 && open >= qualityOf(TEXT, all)
                ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
                : TEXT + "; version=0.0.4; charset=utf-8";
    }

    /** Returns the highest quality that a type has, in whichever version; 0 if it is not named. */
    private static double qualityOf(String type, String accepted) {
        double best = 0;
        for (String element : accepted.split(",", -1)) {
            String[] parts = element.split(";", -1);
            if (parts[0].strip().equals(type)) {
                best = Math.max(best, quality(parts));
            }
        }
        return best;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            Matcher matcher = QUALITY.matcher(part);
            if (matcher.matches()) {
                return Double.parseDouble(matcher.group(1));
            }
        }
        return 1;
    }
}
