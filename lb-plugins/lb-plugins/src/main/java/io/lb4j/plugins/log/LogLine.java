package io.lb4j.plugins.log;

/** How an exchange becomes a line. Thread-safe. */
@FunctionalInterface
interface LogLine {
    /** Returns the line, without its end. */
    String of(LogField.Entry entry);
}
