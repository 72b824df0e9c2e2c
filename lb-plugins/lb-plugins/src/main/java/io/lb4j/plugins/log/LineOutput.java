package io.lb4j.plugins.log;

import java.io.IOException;

/** Where lines go. Confined to one thread at a time; may block. */
interface LineOutput {
    /** Writes a line. */
    void write(String line) throws IOException;

    /** Sees to it that what was written can be read. */
    void flush() throws IOException;

    /** Ends; may be called more than once. */
    void close() throws IOException;
}
