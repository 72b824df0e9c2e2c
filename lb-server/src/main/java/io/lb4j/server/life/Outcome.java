package io.lb4j.server.life;

/** What became of a configuration. */
public sealed interface Outcome {
    /**
     * It is in force.
     *
     * @param version the version that it is
     */
    record Applied(AppliedVersion version) implements Outcome {}

    /**
     * It says what is in force already.
     *
     * @param version that is in force
     */
    record Unchanged(AppliedVersion version) implements Outcome {}

    /**
     * It is not in force; the one before is.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements Outcome {}
}
