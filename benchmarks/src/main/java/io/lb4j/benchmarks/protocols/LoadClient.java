package io.lb4j.benchmarks.protocols;

/** One connection that asks again and again. Thread-safe. */
interface LoadClient extends AutoCloseable {
    /**
     * Asks for a path on so many streams at once; each that has its answer asks again, until this is closed or the load ends.
     *
     * @param load is told of each answer
     */
    void ask(String path, int streams, Load load);

    @Override
    void close();
}
