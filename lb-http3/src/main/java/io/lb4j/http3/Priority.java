package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.netty.handler.codec.quic.QuicStreamPriority;

/**
 * How urgent a response is, and whether its pieces are of use before it is whole (RFC 9218 §4).
 *
 * @param urgency from 0, the most urgent, to 7
 */
record Priority(int urgency, boolean isIncremental) {
    /**
     * Who has said nothing gets a share, rather than all behind one another (RFC 9218 §10 leaves it to the server): a long download is not to hold up a
     * client that knows nothing of priorities.
     */
    static final Priority UNSAID = new Priority(3, true);

    private static final Priority SAID = new Priority(3, false); // the defaults of parameters, RFC 9218 §4
    private static final int LEAST_URGENT = 7;

    /** Returns what a message says of it, or else another: what it does not say stays as it was (RFC 9218 §8). */
    static Priority of(Fields fields, Priority otherwise) {
        if (!fields.contains(FieldName.PRIORITY)) {
            return otherwise;
        }
        String text = String.join(",", fields.values(FieldName.PRIORITY));
        return parse(text, otherwise.equals(UNSAID) ? SAID : otherwise);
    }

    /** Reads the value of a PRIORITY_UPDATE, which says everything anew. */
    static Priority parse(String text) {
        return parse(text, SAID);
    }

    /** Reads a dictionary (RFC 8941 §3.2) as far as it matters; what is not understood is ignored (RFC 9218 §4). */
    private static Priority parse(String text, Priority otherwise) {
        int urgency = otherwise.urgency;
        boolean incremental = otherwise.isIncremental;
        for (String member : text.split(",", -1)) {
            String bare = bare(member);
            if (bare.startsWith("u=") && bare.length() == 3) {
                int level = bare.charAt(2) - '0';
                urgency = level >= 0 && level <= LEAST_URGENT ? level : urgency;
            } else if (bare.equals("i") || bare.equals("i=?1")) {
                incremental = true;
            } else if (bare.equals("i=?0")) {
                incremental = false;
            }
        }
        return new Priority(urgency, incremental);
    }

    /** Returns a member without its parameters and the white space around it. */
    private static String bare(String member) {
        int end = member.indexOf(';');
        return (end < 0 ? member : member.substring(0, end)).strip();
    }

    QuicStreamPriority forQuic() {
        return new QuicStreamPriority(urgency, isIncremental);
    }
}
