package io.lb4j.plugins.auth;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** What a client shows by the scheme Basic (RFC 7617 §2): a user's name, in UTF-8, and the octets of a password. Immutable. */
final class Credentials {
    private static final String SCHEME = "basic ";

    private final String user;
    private final byte[] password;

    private Credentials(String user, byte[] password) {
        this.user = user;
        this.password = password;
    }

    String user() {
        return user;
    }

    /** Returns the password's octets; not to be changed. */
    byte[] password() {
        return password;
    }

    /** Returns whether there are credentials of this scheme, whatever they look like. */
    static boolean areIn(Fields fields) {
        for (int i = fields.indexOf(FieldName.AUTHORIZATION);
                i >= 0;
                i = fields.indexOf(FieldName.AUTHORIZATION, i + 1)) {
            if (fields.valueStartsWithIgnoreCaseAt(i, SCHEME)) {
                return true;
            }
        }
        return false;
    }

    /** Takes credentials of this scheme away, whatever they look like. */
    static void removeFrom(Fields fields) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (fields.isAt(i, FieldName.AUTHORIZATION) && fields.valueStartsWithIgnoreCaseAt(i, SCHEME)) {
                fields.removeAt(i);
            }
        }
    }

    /** Reads credentials; empty if there are none, or several, or they are malformed. */
    static Optional<Credentials> in(Fields fields) {
        int at = fields.indexOf(FieldName.AUTHORIZATION);
        if (at < 0
                || fields.indexOf(FieldName.AUTHORIZATION, at + 1) >= 0
                || !fields.valueStartsWithIgnoreCaseAt(at, SCHEME)) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(fields.valueAt(at).substring(SCHEME.length()).strip());
            return split(decoded);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty(); // no base 64, or no UTF-8: nobody we know
        }
    }

    private static Optional<Credentials> split(byte[] decoded) throws CharacterCodingException {
        for (int i = 0; i < decoded.length; i++) {
            if (decoded[i] == ':') {
                String user = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(decoded, 0, i))
                        .toString();
                return Optional.of(new Credentials(user, Arrays.copyOfRange(decoded, i + 1, decoded.length)));
            }
        }
        return Optional.empty();
    }
}
