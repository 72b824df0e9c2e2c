package io.lb4j.plugins.redis;

import io.lb4j.config.Settings;
import io.lb4j.plugins.limit.Limiter;
import io.lb4j.plugins.limit.Quota;
import io.lb4j.plugins.limit.RateLimitOptions;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The script that counts: it runs on Redis, by Redis' clock, so that a fleet agrees. Immutable. */
final class CountScript {
    private static final int STEPS = 10;

    private final String script;
    private final String[] arguments;

    CountScript(Settings settings) {
        Quota quota = RateLimitOptions.quota(settings);
        long windowMicros = quota.window().toNanos() / 1_000;
        if (RateLimitOptions.slides(settings)) {
            script = read("sliding_window.lua");
            arguments = new String[] {Long.toString(windowMicros / STEPS), Integer.toString(quota.requests())};
        } else {
            script = read("token_bucket.lua");
            long intervalMicros = Math.max(1, windowMicros / quota.requests());
            arguments = new String[] {Long.toString(intervalMicros), Long.toString(intervalMicros * quota.burst())};
        }
    }

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(CountScript.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts a request. Redis forgets scripts when it starts anew, and is told again then. */
    CompletionStage<Limiter.Decision> count(RedisAsyncCommands<String, String> redis, String key) {
        String[] keys = {key};
        return redis.<List<Long>>evalsha(redis.digest(script), ScriptOutputType.MULTI, keys, arguments)
                .exceptionallyCompose(failure -> isUnknown(failure)
                        ? redis.<List<Long>>eval(script, ScriptOutputType.MULTI, keys, arguments)
                        : CompletableFuture.failedFuture(failure))
                .thenApply(CountScript::decision);
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    private static Limiter.Decision decision(List<Long> answer) {
        return new Limiter.Decision(answer.get(0) == 1, answer.get(1), answer.get(2) * 1_000, answer.get(3) * 1_000);
    }
}
