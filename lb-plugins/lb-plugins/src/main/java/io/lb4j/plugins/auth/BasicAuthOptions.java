package io.lb4j.plugins.auth;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.IdentityField;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What can be configured of passwords. */
final class BasicAuthOptions {
    static final Option<String> REALM = Option.of(
                    "realm", ModelTypes.fieldValue(), "What browsers show when they ask for a password.")
            .defaultsTo("restricted")
            .build();

    static final Option<Map<String, String>> USERS = Option.of(
                    "users",
                    OptionTypes.map(
                            "user names",
                            OptionTypes.text(String.class, Passwords.EXPECTED, Passwords::requireHash, hash -> hash)),
                    "Each user's password, hashed with bcrypt.")
            .secret()
            .absentMeans("nobody but whom htpasswd names")
            .build();

    static final Option<Path> HTPASSWD = Option.of(
                    "htpasswd",
                    OptionTypes.file(),
                    "File of lines user:hash, as htpasswd -B writes them; it is read again when it has changed.")
            .absentMeans("nobody but whom users names")
            .build();

    static final Option<Boolean> FORWARD = Option.of(
                    "forward", OptionTypes.bool(), "Whether endpoints see the password.")
            .defaultsTo(false)
            .build();

    static final Option<Duration> REMEMBER = Option.of(
                    "remember",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a password that was right is not hashed again.")
            .defaultsTo(Duration.ofMinutes(5))
            .build();

    static final Option<Integer> MAX_PENDING = Option.of(
                    "max_pending",
                    OptionTypes.integer(1, 10_000),
                    "Passwords that may wait to be hashed; further requests are answered with 503.")
            .defaultsTo(32)
            .build();

    static final Section SECTION = Section.of("basic_auth", "Lets in whoever has a password (RFC 7617).")
            .options(REALM, USERS, HTPASSWD, FORWARD, REMEMBER, MAX_PENDING, AuthOptions.REQUIRED, IdentityField.OPTION)
            .rule(BasicAuthOptions::requireUsers)
            .build();

    private BasicAuthOptions() {}

    private static void requireUsers(Settings settings, Scope scope) {
        if (!settings.isSet(USERS) && !settings.isSet(HTPASSWD)) {
            scope.report(Fault.Code.MISSING, "nobody", "one of users, htpasswd", settings.origin(USERS));
        }
        Set<String> names = settings.find(USERS).orElse(Map.of()).keySet();
        AuthOptions.requireNames(USERS, names, settings, scope);
        if (names.stream().anyMatch(name -> name.indexOf(':') >= 0)) { // RFC 7617 §2: the password would begin there
            scope.at(USERS.name())
                    .report(Fault.Code.INVALID, "a name", "names without a colon", settings.origin(USERS));
        }
    }
}
