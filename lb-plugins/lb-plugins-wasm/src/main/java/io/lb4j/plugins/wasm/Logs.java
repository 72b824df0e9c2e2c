package io.lb4j.plugins.wasm;

import org.slf4j.Logger;
import org.slf4j.event.Level;

/** What guests write, and what is noted of them, on the way to the plugin's logger. A line of a guest's is one line. */
final class Logs {
    private static final int MOST_CHARACTERS = 8192;
    private static final Level[] LEVELS = {Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR, Level.ERROR};

    private Logs() {}

    /** Returns whether there is such a level (proxy-wasm 0.2.1, {@code proxy_log_level_t}). */
    static boolean isLevel(int level) {
        return level >= 0 && level < LEVELS.length;
    }

    /** Returns the least level that is logged. */
    static int threshold(Logger logger) {
        for (int level = 0; level < LEVELS.length - 1; level++) {
            if (logger.isEnabledForLevel(LEVELS[level])) {
                return level;
            }
        }
        return LEVELS.length - 1;
    }

    /** Writes a line once the guest's call is over. */
    static void write(GuestHost guest, int level, String message) {
        Logger logger = guest.facilities().logger();
        if (logger.isEnabledForLevel(LEVELS[level])) {
            String line = oneLine(message);
            guest.effects()
                    .addLog(line.length(), () -> logger.atLevel(LEVELS[level]).log(line));
        }
    }

    /** Notes something that a guest should not have done. */
    static void note(GuestHost guest, String what) {
        write(guest, 1, what);
    }

    private static String oneLine(String message) {
        String cut = message.length() > MOST_CHARACTERS ? message.substring(0, MOST_CHARACTERS) + "…" : message;
        StringBuilder line = null;
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            boolean control = Character.isISOControl(c) && c != '\t';
            if (control && line == null) {
                line = new StringBuilder(cut.length() + 16).append(cut, 0, i);
            }
            if (line != null) {
                line.append(control ? (c == '\n' ? " ⏎ " : "·") : String.valueOf(c));
            }
        }
        return line == null ? cut : line.toString();
    }
}
