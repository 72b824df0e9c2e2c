package io.lb4j.testkit.http;

/**
 * Where and how an answer breaks off.
 *
 * @param position the byte of the answer that is not sent any more, from 0
 * @param kind how the connection ends
 */
record Cut(long position, Kind kind) {
    enum Kind {
        FIN,
        RESET
    }
}
