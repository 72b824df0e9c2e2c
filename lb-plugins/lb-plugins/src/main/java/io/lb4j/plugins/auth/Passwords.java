package io.lb4j.plugins.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Users with their passwords, hashed with bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999). Immutable.
 *
 * @param hashes by user
 */
record Passwords(Map<String, String> hashes) {
    static final String EXPECTED = "a bcrypt hash such as $2y$10$…, of a cost from 4 to 16";
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");
    // A hash for those whom nobody knows, so that they are found out no sooner than a wrong password.
    private static final String NOBODY = "$2a$10$abcdefghijklmnopqrstuuROfV0doWU3Lyx1MXHO14yZOkxttlM3W";

    Passwords {
        hashes = Map.copyOf(hashes);
    }

    /**
     * Returns a hash if it is one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String requireHash(String text) {
        if (!HASH.matcher(text).matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return text;
    }

    /** Returns these users and those of a file, whose word counts where both have a user. */
    Passwords and(Path file) throws IOException {
        Map<String, String> all = new HashMap<>(hashes);
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                addLine(line, file + ":" + (i + 1), all);
            }
        }
        return new Passwords(all);
    }

    private static void addLine(String line, String place, Map<String, String> users) throws IOException {
        int colon = line.indexOf(':');
        String user = line.substring(0, Math.max(0, colon));
        if (!AuthOptions.isFieldValue(user)) {
            throw new IOException(place + ": no user (expected: user:hash)");
        }
        try {
            users.put(user, requireHash(line.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": *** (expected: " + EXPECTED + ")", e);
        }
    }

    /** Returns whether a password is a user's. Takes as long as the hash is meant to take: not for event loops. */
    boolean isRight(String user, byte[] password) {
        String known = hashes.get(user);
        String hash = known == null ? likeOthers() : known;
        BCrypt.Version version = BCrypt.Version.VERSION_2A;
        boolean fits = BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
                .verify(password, hash.getBytes(StandardCharsets.US_ASCII))
                .verified;
        return fits && known != null;
    }

    /** Returns a hash of the cost that hashes have here. */
    private String likeOthers() {
        return hashes.values().stream().findFirst().orElse(NOBODY);
    }
}
