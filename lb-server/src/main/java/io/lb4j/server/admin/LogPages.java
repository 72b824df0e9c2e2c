package io.lb4j.server.admin;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.server.config.LoggingOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How much is logged, until the next configuration. Thread-safe. */
final class LogPages {
    private static final Option<String> LOGGER = Option.of(
                    "logger", OptionTypes.name(), "Which one, and those below it.")
            .defaultsTo("ROOT")
            .build();
    private static final Option<LoggingOptions.Level> LEVEL = Option.of(
                    "level", OptionTypes.oneOf(LoggingOptions.Level.class), "How much.")
            .required()
            .build();
    private static final Section CHANGE =
            Section.of("level", "A level of a logger.").options(LOGGER, LEVEL).build();

    private final Optional<LogLevels> logs;

    LogPages(Optional<LogLevels> logs) {
        this.logs = logs;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/logging", "The loggers that have a level of their own.", request -> levels()),
                AdminRoute.post("/logging", "Sets a level until the next configuration.", CHANGE, this::set));
    }

    private LogLevels logs() throws Problem {
        return logs.orElseThrow(() -> new Problem(409, "logs are not this server's (expected: the program lb-server)"));
    }

    private AdminResponse levels() throws Problem {
        return AdminResponse.json(logs().levels());
    }

    private AdminResponse set(AdminRequest request) throws Problem {
        LogLevels levels = logs();
        Settings change = Bodies.read(request.body(), CHANGE);
        levels.set(change.value(LOGGER), change.value(LEVEL).name().toLowerCase(Locale.ROOT));
        return levels();
    }
}
