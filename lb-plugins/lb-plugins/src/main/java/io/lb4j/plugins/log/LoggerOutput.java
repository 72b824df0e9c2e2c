package io.lb4j.plugins.log;

import org.slf4j.Logger;

/**
 * Lines that go to a logger.
 *
 * @param logger at level INFO
 */
record LoggerOutput(Logger logger) implements LineOutput {
    @Override
    public void write(String line) {
        logger.info(line);
    }

    @Override
    public void flush() {
        // That is the appenders' business.
    }

    @Override
    public void close() {
        // A logger stays.
    }
}
