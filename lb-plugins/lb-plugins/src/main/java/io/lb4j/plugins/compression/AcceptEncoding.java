package io.lb4j.plugins.compression;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client accepts (RFC 9110 §12.5.3). Confined to one thread. */
final class AcceptEncoding {
    private static final Pattern ELEMENT = Pattern.compile(
            "\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*(?:;\\s*[qQ]\\s*=\\s*(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)\\s*)?");
    private static final int MOST_ELEMENTS = 50;
    private static final double NOT_SAID = -1; // for the values below, which are 0 to 1

    private final List<Coding> offered;
    private final double[] qualities;
    private double identity = NOT_SAID;
    private double others = NOT_SAID;

    private AcceptEncoding(List<Coding> offered) {
        this.offered = offered;
        qualities = new double[offered.size()];
        Arrays.fill(qualities, NOT_SAID);
    }

    /** Returns the coding that a client likes best of those that are offered; of equals the first. Empty if it would rather have none. */
    static Optional<Coding> choose(Fields request, List<Coding> offered) {
        if (!request.contains(FieldName.ACCEPT_ENCODING)) {
            return Optional.empty();
        }
        AcceptEncoding accepted = new AcceptEncoding(offered);
        for (String value : request.values(FieldName.ACCEPT_ENCODING)) {
            for (String element : value.split(",", MOST_ELEMENTS)) {
                accepted.read(element);
            }
        }
        return accepted.best();
    }

    private void read(String element) {
        Matcher matcher = ELEMENT.matcher(element);
        if (!matcher.matches()) {
            return; // malformed: as if it were not there
        }
        String name = matcher.group(1);
        double quality = matcher.group(2) == null ? 1 : Double.parseDouble(matcher.group(2));
        if (name.equals("*")) {
            others = quality;
        } else if (name.equalsIgnoreCase("identity")) {
            identity = quality;
        } else {
            for (int i = 0; i < qualities.length; i++) {
                if (offered.get(i).isNamed(name)) {
                    qualities[i] = quality;
                }
            }
        }
    }

    private Optional<Coding> best() {
        int best = -1;
        double quality = Math.max(identity, 0);
        for (int i = 0; i < qualities.length; i++) {
            double own = qualities[i] == NOT_SAID ? others : qualities[i];
            boolean beats = best < 0 ? own > 0 && own >= quality : own > quality;
            if (beats) {
                best = i;
                quality = own;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(offered.get(best));
    }
}
