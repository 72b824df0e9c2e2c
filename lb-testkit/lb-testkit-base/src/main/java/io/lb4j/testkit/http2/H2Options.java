package io.lb4j.testkit.http2;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What an endpoint announces in its SETTINGS and what it does by itself. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: no settings announced (so those of RFC 9113 §6.5.2 hold), SETTINGS acknowledged, PING answered, windows
 * opened again as soon as DATA arrives.
 */
public final class H2Options {
    /** SETTINGS_HEADER_TABLE_SIZE. */
    public static final int HEADER_TABLE_SIZE = 0x1;
    /** SETTINGS_ENABLE_PUSH. */
    public static final int ENABLE_PUSH = 0x2;
    /** SETTINGS_MAX_CONCURRENT_STREAMS. */
    public static final int MAX_CONCURRENT_STREAMS = 0x3;
    /** SETTINGS_INITIAL_WINDOW_SIZE. */
    public static final int INITIAL_WINDOW_SIZE = 0x4;
    /** SETTINGS_MAX_FRAME_SIZE. */
    public static final int MAX_FRAME_SIZE = 0x5;
    /** SETTINGS_MAX_HEADER_LIST_SIZE. */
    public static final int MAX_HEADER_LIST_SIZE = 0x6;
    /** SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 §3). */
    public static final int ENABLE_CONNECT_PROTOCOL = 0x8;

    private static final H2Options DEFAULTS = new H2Options(Map.of(), true, true, true);

    private final Map<Integer, Integer> settings;
    private final boolean acknowledging;
    private final boolean answeringPings;
    private final boolean openingWindows;

    private H2Options(
            Map<Integer, Integer> settings, boolean acknowledging, boolean answeringPings, boolean openingWindows) {
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        this.acknowledging = acknowledging;
        this.answeringPings = answeringPings;
        this.openingWindows = openingWindows;
    }

    /**
     * A well-behaved endpoint.
     *
     * @return the defaults
     */
    public static H2Options defaults() {
        return DEFAULTS;
    }

    /**
     * Default: none. Announces a setting in the first SETTINGS frame.
     *
     * @param id one of the constants, or any other
     * @param value sent as it is
     * @return a changed copy
     */
    public H2Options setting(int id, int value) {
        Map<Integer, Integer> more = new LinkedHashMap<>(settings);
        more.put(id, value);
        return new H2Options(more, acknowledging, answeringPings, openingWindows);
    }

    /**
     * Default: acknowledged. Never acknowledges the peer's SETTINGS.
     *
     * @return a changed copy
     */
    public H2Options neverAcknowledging() {
        return new H2Options(settings, false, answeringPings, openingWindows);
    }

    /**
     * Default: answered. Never answers the peer's PING.
     *
     * @return a changed copy
     */
    public H2Options neverAnsweringPings() {
        return new H2Options(settings, acknowledging, false, openingWindows);
    }

    /**
     * Default: opened as DATA arrives. Sends WINDOW_UPDATE only where the test does.
     *
     * @return a changed copy
     */
    public H2Options manualWindows() {
        return new H2Options(settings, acknowledging, answeringPings, false);
    }

    boolean isAcknowledging() {
        return acknowledging;
    }

    boolean isAnsweringPings() {
        return answeringPings;
    }

    boolean isOpeningWindows() {
        return openingWindows;
    }

    int value(int id, int otherwise) {
        return settings.getOrDefault(id, otherwise);
    }

    Frame firstFrame() {
        return Frame.settings(settings.entrySet().stream()
                .flatMapToInt(entry -> IntStream.of(entry.getKey(), entry.getValue()))
                .toArray());
    }
}
